import { messagesOf } from '../prompts/messages.ts'
import type { Api, Ask, Part } from './api.ts'
import { answerError, asCount, asObject, asText } from './json.ts'
import { postJson } from './request-body.ts'

type Json = Readonly<Record<string, unknown>>

/** Where Ollama's two APIs differ. */
interface Dialect {
  readonly path: string
  readonly takesMessages: boolean
  prompt(ask: Ask): Json
  /** The object with the text: the answer itself, or its message. */
  message(value: Json): Json | null
  /** Name of the text in it. */
  readonly text: string
}

/**
 * Ollama's own APIs: a JSON object a line, the last one with `done: true` and the counts. There is no switch against the
 * end-of-text token, so an answer that ends early is a failure here (wrong-length), and none for its prompt cache.
 * Fields: https://github.com/ollama/ollama/blob/main/docs/api.md
 */
function ollamaApi(dialect: Dialect): Api {
  return {
    modelList: { path: '/api/tags', firstName: 'models.0.name' },
    takesTokenIds: false,
    takesMessages: dialect.takesMessages,
    mayTokenize: false,
    forcesLength: false,
    repeatsText: false,
    streamFormat: () => 'ndjson',
    countSource: () => 'usage',
    request(ask) {
      const options = { num_predict: ask.outputTokens, temperature: 0, seed: 0 }
      const own = { model: ask.model, ...dialect.prompt(ask), options, stream: ask.streaming }
      return postJson(dialect.path, own, ask.config.extraBody)
    },
    greedyBody: () => ({ options: { temperature: 0, seed: 0 } }),
    read: (value) => read(dialect, value),
    missingEnd: (signs) => (signs.isDone ? null : 'done: true'),
  }
}

function read(dialect: Dialect, value: Json): Part {
  const isDone = value.done === true
  const message = dialect.message(value)
  return {
    text: asText(message?.thinking) + asText(message?.[dialect.text]),
    finishReason: isDone ? asText(value.done_reason) || null : null,
    isDone,
    error: answerError(value),
    promptTokens: asCount(value.prompt_eval_count),
    outputTokens: asCount(value.eval_count),
    cachedTokens: null,
  }
}

/** POST /api/generate: the text as it is (`raw`), without the model's template and system prompt. */
export const ollamaGenerate = ollamaApi({
  path: '/api/generate',
  takesMessages: false,
  prompt: (ask) => ({ prompt: ask.prompt, raw: true }),
  message: (value) => value,
  text: 'response',
})

/** POST /api/chat: through the model's template. */
export const ollamaChat = ollamaApi({
  path: '/api/chat',
  takesMessages: true,
  prompt: (ask) => ({ messages: messagesOf(ask.prompt) }),
  message: (value) => asObject(value.message),
  text: 'content',
})
