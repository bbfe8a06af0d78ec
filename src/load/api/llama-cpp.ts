import type { Api, Part } from './api.ts'
import { answerError, asCount, asObject, asText } from './json.ts'
import { postJson } from './request-body.ts'

/**
 * llama-server's own POST /completion: exact token ids, exact lengths, the server's own timings. The last event has
 * `stop: true`; there is no `[DONE]`.
 * Fields: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
 */
export const llamaCpp: Api = {
  modelList: null,
  takesTokenIds: true,
  takesMessages: false,
  mayTokenize: true,
  forcesLength: true,
  repeatsText: false,
  streamFormat: () => 'sse',
  countSource: () => 'usage',
  request({ config, prompt, outputTokens, streaming, mayEndEarly = false }) {
    const own = { prompt, n_predict: outputTokens, ignore_eos: !mayEndEarly, temperature: 0, cache_prompt: false }
    return postJson('/completion', { ...own, stream: streaming }, config.extraBody)
  },
  greedyBody: () => ({ temperature: 0, ignore_eos: null }),
  read,
  missingEnd: (signs) => (signs.isDone ? null : 'stop: true'),
}

function read(value: Readonly<Record<string, unknown>>): Part {
  const isDone = value.stop === true
  const promptTokens = asCount(value.tokens_evaluated)
  return {
    text: asText(value.content),
    finishReason: isDone ? asText(value.stop_type) || null : null,
    isDone,
    error: answerError(value),
    promptTokens,
    outputTokens: asCount(value.tokens_predicted),
    cachedTokens: cachedTokens(asObject(value.timings), promptTokens),
  }
}

/** Builds before `cache_n` only say how many tokens of the prompt were worked through. */
function cachedTokens(timings: Readonly<Record<string, unknown>> | null, promptTokens: number | null): number | null {
  const worked = asCount(timings?.prompt_n)
  const rest = worked === null || promptTokens === null ? null : Math.max(0, promptTokens - worked)
  return asCount(timings?.cache_n) ?? rest
}
