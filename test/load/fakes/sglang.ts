import { idsOf, sse, type Wire } from './wire.ts'

const meta = (promptTokens: number, tokens: number, finish: object | null): object => ({
  id: 'c4f1',
  finish_reason: finish,
  prompt_tokens: promptTokens,
  completion_tokens: tokens,
  cached_tokens: 0,
  e2e_latency: 0.2,
})

const finish = (type: string, tokens: number): object =>
  type === 'abort' ? { type, message: 'Abort in waiting queue', status_code: 503 } : { type, length: tokens }

/** SGLang: each event repeats the text so far; the last token comes with the finish reason. */
export const sglangWire: Wire = {
  type: 'sglang',
  frame: sse(),
  asked: ({ body }) => ({
    tokens: Number((body.sampling_params as { max_new_tokens: number }).max_new_tokens),
    prompt: body.text ?? body.input_ids,
    isStreaming: body.stream === true,
  }),
  token: (_, { promptTokens, tokens, text }) => ({
    text,
    meta_info: meta(promptTokens, tokens, null),
  }),
  ending: ({ promptTokens, tokens, text }, reason) => [
    { text, meta_info: meta(promptTokens, tokens, finish(reason, tokens)) },
    '[DONE]',
  ],
  body: ({ promptTokens, tokens, text }, reason) => ({
    text,
    meta_info: meta(promptTokens, tokens, finish(reason, tokens)),
  }),
  error: (message) => ({ error: { message } }),
  reasons: { length: 'length', natural: 'stop', gaveUp: 'abort' },
  endSign: /finish_reason|\[DONE\]/,
  also: {
    '/tokenize': ({ body }) => ({ tokens: idsOf(String(body.prompt ?? '')), count: 0, max_model_len: 4096 }),
    '/get_model_info': () => ({ model_path: 'fake', is_generation: true }),
  },
}
