import { idsOf, type Progress, sse, type Wire } from './wire.ts'

/** llama-server's POST /completion, with what else it says around the parts that matter. */
export const llamaCppWire: Wire = {
  type: 'llama-cpp',
  frame: sse(),
  asked: ({ body }) => ({
    tokens: Number(body.n_predict),
    prompt: body.prompt,
    isStreaming: body.stream === true,
  }),
  token: (content, { promptTokens, tokens }) => ({
    index: 0,
    content,
    tokens: [tokens],
    stop: false,
    id_slot: -1,
    tokens_predicted: tokens,
    tokens_evaluated: promptTokens,
  }),
  ending: (progress, reason) => [last({ ...progress, text: '' }, reason)],
  body: last,
  error: (message) => ({ error: { code: 500, message, type: 'server_error' } }),
  reasons: { length: 'limit', natural: 'eos', gaveUp: null },
  endSign: /stop: true/,
  also: { '/tokenize': ({ body }) => ({ tokens: body.content === undefined ? [] : idsOf(String(body.content)) }) },
}

function last({ promptTokens, tokens, text }: Progress, reason: string): unknown {
  return {
    index: 0,
    content: text,
    tokens: [],
    id_slot: 0,
    stop: true,
    model: 'fake',
    tokens_predicted: tokens,
    tokens_evaluated: promptTokens,
    generation_settings: { n_predict: tokens, ignore_eos: true },
    truncated: false,
    stop_type: reason,
    stopping_word: '',
    tokens_cached: promptTokens + tokens - 1,
    timings: { cache_n: 0, prompt_n: promptTokens, prompt_ms: 5.1, predicted_n: tokens, predicted_ms: 9.7 },
  }
}
