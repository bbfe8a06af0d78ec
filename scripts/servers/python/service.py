"""A home-made model service as teams write it: FastAPI, Transformers, one request at a time.

    MODEL=folder uvicorn service:app --host 127.0.0.1 --port 8000

POST /generate answers at once, POST /generate_stream with server-sent events. Both tell their token counts and how long
the request waited in line. The model has random weights.
"""

import asyncio
import json
import os
import threading
import time

import torch
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, TextIteratorStreamer

# Two threads that wait for each other collapse as soon as a neighbour takes a core from one of them.
torch.set_num_threads(int(os.environ.get("THREADS", "1")))
torch.manual_seed(0)

folder = os.environ["MODEL"]
tokenizer = AutoTokenizer.from_pretrained(folder)
config = AutoConfig.from_pretrained(folder)
model = AutoModelForCausalLM.from_config(config).eval()
longest = config.max_position_embeddings

app = FastAPI()
turn = asyncio.Semaphore(1)


class Question(BaseModel):
    prompt: str
    max_new_tokens: int = Field(default=64, ge=1, le=2048)


def encode(question: Question) -> torch.Tensor:
    ids = tokenizer(question.prompt, return_tensors="pt").input_ids
    if ids.shape[1] + question.max_new_tokens > longest:
        raise HTTPException(413, f"prompt of {ids.shape[1]} tokens and {question.max_new_tokens} new ones exceed {longest}")
    return ids


def generate(ids: torch.Tensor, tokens: int, streamer: TextIteratorStreamer | None = None) -> torch.Tensor:
    with torch.inference_mode():
        return model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=tokens,
            min_new_tokens=tokens,
            do_sample=False,
            pad_token_id=tokenizer.pad_token_id,
            streamer=streamer,
        )


def facts(ids: torch.Tensor, made: int, waited: float) -> dict:
    usage = {"prompt_tokens": ids.shape[1], "completion_tokens": made}
    return {"usage": usage, "queue_wait_s": round(waited, 4)}


@app.get("/health")
def health() -> dict:
    return {"status": "ok"}


@app.post("/generate")
async def answer(question: Question) -> dict:
    ids = encode(question)
    arrived = time.perf_counter()
    async with turn:
        waited = time.perf_counter() - arrived
        output = await asyncio.to_thread(generate, ids, question.max_new_tokens)
    new = output[0, ids.shape[1]:]
    return {"text": tokenizer.decode(new), **facts(ids, new.shape[0], waited)}


@app.post("/generate_stream")
async def stream(question: Question) -> StreamingResponse:
    return StreamingResponse(events(question, encode(question)), media_type="text/event-stream")


async def events(question: Question, ids: torch.Tensor):
    arrived = time.perf_counter()
    async with turn:
        waited = time.perf_counter() - arrived
        streamer = TextIteratorStreamer(tokenizer, skip_prompt=True)
        made = []
        worker = threading.Thread(
            target=lambda: made.append(generate(ids, question.max_new_tokens, streamer).shape[1] - ids.shape[1])
        )
        worker.start()
        pieces, end = iter(streamer), object()
        while (piece := await asyncio.to_thread(next, pieces, end)) is not end:
            yield event({"text": piece})
        worker.join()
    yield event(facts(ids, made[0], waited))
    yield "data: [DONE]\n\n"


def event(value: dict) -> str:
    return f"data: {json.dumps(value)}\n\n"
