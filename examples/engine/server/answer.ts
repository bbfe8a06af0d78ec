import type { ServerResponse } from 'node:http'
import type { Token } from 'node-llama-cpp'
import { generate } from '../inference/generate.ts'
import type { LoadedModel } from '../inference/model.ts'
import { createTextStream } from '../inference/text-stream.ts'
import { errorBody, toApiError } from './api-error.ts'
import type { GenerationRequest } from './generation-request.ts'
import { abortOnDisconnect, sendJson } from './http.ts'
import { type EventStream, openEventStream } from './sse.ts'

export type FinishReason = 'length' | 'stop'

/** How an endpoint words its answer; everything else is the same for text and chat. */
export interface AnswerShape {
  /** Fields that every object of this answer carries: id, model, ... */
  readonly envelope: Readonly<Record<string, unknown>>
  /** `object` of the whole answer, and of a chunk of the stream. */
  readonly object: { readonly whole: string; readonly chunk: string }
  /** The chunk that opens a stream, before there is any text; null: none. */
  readonly opening: unknown
  chunkChoice(text: string, finish: FinishReason | null): unknown
  wholeChoice(text: string, finish: FinishReason): unknown
}

function usage(promptTokens: number, completionTokens: number) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0 },
  }
}

/** Text as soon as it is complete, with the number of tokens so far; the last piece carries the whole count. */
async function* generateText(
  loaded: LoadedModel,
  request: GenerationRequest,
  signal: AbortSignal,
): AsyncGenerator<{ readonly piece: string; readonly tokens: number }> {
  const text = createTextStream<Token>((held) => loaded.model.detokenize(held))
  let tokens = 0
  for await (const token of generate(loaded, request, signal)) {
    tokens++
    const piece = text.push(token) ?? (tokens === request.maxTokens ? text.flush() : null)
    if (piece !== null) yield { piece, tokens }
  }
  const rest = text.flush()
  if (rest !== null) yield { piece: rest, tokens }
}

async function streamInto(
  stream: EventStream,
  loaded: LoadedModel,
  request: GenerationRequest,
  shape: AnswerShape,
  signal: AbortSignal,
): Promise<void> {
  const chunk = (choices: readonly unknown[], more: object = {}): void =>
    stream.send({ ...shape.envelope, object: shape.object.chunk, choices, ...more })
  if (shape.opening !== null) chunk([shape.opening])
  let count = 0
  for await (const { piece, tokens } of generateText(loaded, request, signal)) {
    count = tokens
    chunk([shape.chunkChoice(piece, tokens === request.maxTokens ? 'length' : null)])
  }
  if (signal.aborted) return
  if (count < request.maxTokens) chunk([shape.chunkChoice('', 'stop')])
  if (request.includeUsage) chunk([], { usage: usage(request.prompt.length, count) })
  stream.done()
}

/** An error after the headers went out can only be told inside the stream, which then ends without its marker. */
async function answerStreaming(
  response: ServerResponse,
  loaded: LoadedModel,
  request: GenerationRequest,
  shape: AnswerShape,
): Promise<void> {
  const signal = abortOnDisconnect(response)
  const stream = openEventStream(response)
  try {
    await streamInto(stream, loaded, request, shape, signal)
  } catch (error) {
    stream.send(errorBody(toApiError(error)))
    stream.end()
  }
}

async function answerWhole(
  response: ServerResponse,
  loaded: LoadedModel,
  request: GenerationRequest,
  shape: AnswerShape,
): Promise<void> {
  const signal = abortOnDisconnect(response)
  let text = ''
  let count = 0
  for await (const { piece, tokens } of generateText(loaded, request, signal)) {
    text += piece
    count = tokens
  }
  if (signal.aborted) return
  sendJson(response, 200, {
    ...shape.envelope,
    object: shape.object.whole,
    choices: [shape.wholeChoice(text, count === request.maxTokens ? 'length' : 'stop')],
    usage: usage(request.prompt.length, count),
  })
}

/** Generates and sends the answer, streamed or whole, as the request asks. */
export function answer(
  response: ServerResponse,
  loaded: LoadedModel,
  request: GenerationRequest,
  shape: AnswerShape,
): Promise<void> {
  return (request.stream ? answerStreaming : answerWhole)(response, loaded, request, shape)
}
