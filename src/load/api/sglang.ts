import type { Api, Ask, HttpRequest, Part } from './api.ts'
import { answerError, asCount, asObject, asText } from './json.ts'
import { postJson } from './request-body.ts'

/**
 * SGLang's own POST /generate: exact token ids and lengths. Each event repeats all of the text so far, unless the server
 * was started to stream only what is new.
 * Fields: https://docs.sglang.ai/basic_usage/native_api.html
 */
export const sglang: Api = {
  modelList: null,
  takesTokenIds: true,
  takesMessages: false,
  mayTokenize: true,
  forcesLength: true,
  repeatsText: true,
  streamFormat: () => 'sse',
  countSource: () => 'usage',
  request,
  greedyBody: () => ({ sampling_params: { temperature: 0, ignore_eos: null } }),
  read,
  missingEnd(signs, streaming) {
    if (signs.finishReason === null) return 'meta_info.finish_reason'
    return streaming && !signs.isDone ? 'data: [DONE]' : null
  },
}

function request({ config, prompt, outputTokens, streaming, mayEndEarly = false }: Ask): HttpRequest {
  const own = {
    ...(typeof prompt === 'string' ? { text: prompt } : { input_ids: prompt }),
    sampling_params: { max_new_tokens: outputTokens, ignore_eos: !mayEndEarly, temperature: 0 },
    stream: streaming,
  }
  return postJson('/generate', own, config.extraBody)
}

function read(value: Readonly<Record<string, unknown>>): Part {
  const meta = asObject(value.meta_info)
  const finish = asObject(meta?.finish_reason)
  const finishReason = asText(finish?.type) || asText(meta?.finish_reason) || null
  return {
    text: asText(value.text),
    finishReason,
    isDone: false,
    // An aborted request says why beside its finish reason.
    error: answerError(value) ?? (finishReason === 'abort' ? asText(finish?.message) || 'aborted' : null),
    promptTokens: asCount(meta?.prompt_tokens),
    outputTokens: asCount(meta?.completion_tokens),
    cachedTokens: asCount(meta?.cached_tokens),
  }
}
