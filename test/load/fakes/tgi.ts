import { idsOf, sse, type Wire } from './wire.ts'

/** Text Generation Inference: no space after `data:`, one token an event, the last token in the event with the details. */
export const tgiWire: Wire = {
  type: 'tgi',
  frame: sse(true),
  asked: ({ path, body }) => ({
    tokens: Number((body.parameters as { max_new_tokens: number }).max_new_tokens),
    prompt: body.inputs,
    isStreaming: path === '/generate_stream',
    countsPrompt: path === '/generate_stream' || Object.hasOwn(body.parameters as object, 'decoder_input_details'),
  }),
  token: (text, { tokens }) => ({
    index: tokens,
    token: { id: 100 + tokens, text, logprob: -0.3, special: false },
    generated_text: null,
    details: null,
  }),
  ending: ({ promptTokens, tokens, text }, reason) => [
    {
      index: tokens + 1,
      token: { id: 2, text: '</s>', logprob: -0.1, special: true },
      generated_text: text,
      details: { finish_reason: reason, generated_tokens: tokens, seed: null, input_length: promptTokens },
    },
  ],
  body: ({ promptTokens, tokens, text }, reason) => ({
    generated_text: text,
    details: {
      finish_reason: reason,
      generated_tokens: tokens,
      seed: null,
      prefill: Array.from({ length: promptTokens }, (_, id) => ({ id, text: 'x', logprob: null })),
      tokens: [],
    },
  }),
  error: (message) => ({ error: message, error_type: 'generation' }),
  reasons: { length: 'length', natural: 'eos_token', gaveUp: null },
  endSign: /finish_reason/,
  also: {
    '/tokenize': ({ body }) => idsOf(String(body.inputs ?? '')).map((id) => ({ id, text: 'x', start: 0, stop: 1 })),
    '/info': () => ({ model_id: 'fake', max_total_tokens: 4096 }),
  },
}
