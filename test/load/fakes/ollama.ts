import type { Wire } from './wire.ts'

const line = (value: unknown): string => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`

const envelope = { model: 'fake:1b', created_at: '2026-01-01T00:00:00.123456789Z' }

/** Ollama's two APIs: they differ in where the text stands. */
function ollamaWire(type: 'ollama-generate' | 'ollama-chat'): Wire {
  const isChat = type === 'ollama-chat'
  const message = (content: string): object =>
    isChat ? { message: { role: 'assistant', content } } : { response: content }
  const last: Wire['body'] = ({ promptTokens, tokens, text }, reason) => ({
    ...envelope,
    ...message(text),
    done: true,
    done_reason: reason,
    total_duration: 5_043_500_667,
    load_duration: 5_025_959,
    prompt_eval_count: promptTokens,
    prompt_eval_duration: 325_953_000,
    eval_count: tokens,
    eval_duration: 4_709_213_000,
  })
  return {
    type,
    frame: line,
    asked: ({ body }) => ({
      tokens: Number((body.options as { num_predict: number }).num_predict),
      prompt: isChat ? body.messages : body.prompt,
      isStreaming: body.stream === true,
    }),
    token: (content) => ({ ...envelope, ...message(content), done: false }),
    ending: (progress, reason) => [last({ ...progress, text: '' }, reason)],
    body: last,
    error: (message) => ({ error: message }),
    reasons: { length: 'length', natural: 'stop', gaveUp: null },
    endSign: /done: true/,
    also: { '/api/tags': () => ({ models: [{ name: 'fake:1b', model: 'fake:1b', size: 1 }] }) },
  }
}

export const ollamaGenerateWire = ollamaWire('ollama-generate')
export const ollamaChatWire = ollamaWire('ollama-chat')
