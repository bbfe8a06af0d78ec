import { sse, type Wire } from './wire.ts'

/** A home-made endpoint in the words of the default mapping. */
export function homeMadeWire(streamFormat: 'sse' | 'ndjson'): Wire {
  return {
    type: 'generate',
    frame: streamFormat === 'sse' ? sse() : (value) => `${JSON.stringify(value)}\n`,
    asked: ({ path, body }) => ({
      tokens: Number(body.max_new_tokens),
      prompt: body.prompt,
      isStreaming: path === '/generate_stream',
    }),
    token: (text) => ({ text }),
    ending: ({ promptTokens, tokens }, reason) => [
      { usage: { prompt_tokens: promptTokens, completion_tokens: tokens }, finish_reason: reason, done: true },
    ],
    body: ({ promptTokens, tokens, text }, reason) => ({
      text,
      usage: { prompt_tokens: promptTokens, completion_tokens: tokens },
      finish_reason: reason,
    }),
    error: (message) => ({ error: message }),
    reasons: { length: 'length', natural: 'stop', gaveUp: 'error' },
    endSign: /done/,
    also: {},
  }
}
