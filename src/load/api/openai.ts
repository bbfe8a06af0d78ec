import type { Api, Ask, EndSigns, HttpRequest, Part } from './api.ts'
import { answerError, asCount, asObject, asText } from './json.ts'
import { postJson } from './request-body.ts'

type Json = Readonly<Record<string, unknown>>

/** Where the two OpenAI APIs differ. */
interface Dialect {
  readonly path: string
  readonly takesTokenIds: boolean
  readonly takesMessages: boolean
  prompt(ask: Ask): Json
  text(choice: Json): string
}

/**
 * OpenAI's completions and chat completions as vLLM, SGLang, llama-server and TGI speak them. `ignore_eos` and
 * `min_tokens` are their extensions for an exact output length; servers without them ignore the keys, and the
 * check of the length tells.
 */
export function openAiApi(dialect: Dialect): Api {
  return {
    modelList: { path: '/v1/models', firstName: 'data.0.id' },
    takesTokenIds: dialect.takesTokenIds,
    takesMessages: dialect.takesMessages,
    mayTokenize: true,
    forcesLength: true,
    repeatsText: false,
    streamFormat: () => 'sse',
    countSource: () => 'usage',
    request: (ask) => request(dialect, ask),
    greedyBody: () => ({ temperature: 0, ignore_eos: null, min_tokens: null }),
    read: (value) => readPart(dialect, value),
    missingEnd,
  }
}

function request(dialect: Dialect, ask: Ask): HttpRequest {
  const own = {
    model: ask.model,
    ...dialect.prompt(ask),
    max_tokens: ask.outputTokens,
    ...(ask.mayEndEarly ? {} : { min_tokens: ask.outputTokens, ignore_eos: true }),
    temperature: 0,
    stream: ask.streaming,
    ...(ask.streaming ? { stream_options: { include_usage: true } } : {}),
    ...(ask.isLlamaCpp ? { cache_prompt: false } : {}),
  }
  return postJson(dialect.path, own, ask.config.extraBody)
}

function readPart(dialect: Dialect, value: Json): Part {
  const choices = value.choices
  const choice = Array.isArray(choices) ? asObject(choices[0]) : null
  const usage = asObject(value.usage)
  const cached =
    asCount(asObject(usage?.prompt_tokens_details)?.cached_tokens) ?? asCount(asObject(value.timings)?.cache_n)
  const finishReason = choice?.finish_reason
  return {
    text: choice ? dialect.text(choice) : '',
    finishReason: typeof finishReason === 'string' ? finishReason : null,
    isDone: false,
    error: answerError(value),
    promptTokens: asCount(usage?.prompt_tokens),
    outputTokens: asCount(usage?.completion_tokens),
    cachedTokens: cached,
  }
}

function missingEnd(signs: EndSigns, streaming: boolean): string | null {
  if (signs.finishReason === null) return 'finish_reason'
  return streaming && !signs.isDone ? 'data: [DONE]' : null
}

/** Text of a chat message or delta. Reasoning counts: it is generated, and its first token is the first token. */
export function messageText(message: unknown): string {
  const fields = asObject(message)
  if (!fields) return ''
  return (asText(fields.reasoning_content) || asText(fields.reasoning)) + asText(fields.content)
}
