import mustache from 'mustache'
import type { Api, Ask, HttpRequest } from './api.ts'
import { asCount, asText, errorMessage, valueAt } from './json.ts'

/** Any home-made endpoint: a template writes the request, dot paths read the answer. Streams are server-sent events. */
export const generate: Api = {
  needsModel: false,
  takesTokenIds: false,
  countSource: (config) => (config.generate.outputTokens === 'requested' ? 'requested' : 'mapping'),
  request,
  read(value, config) {
    const { text, promptTokens, outputTokens } = config.generate
    const finishReason = value.finish_reason
    return {
      text: asText(valueAt(value, text)),
      finishReason: typeof finishReason === 'string' ? finishReason : null,
      isDone: value.done === true,
      error: errorMessage(value.error),
      promptTokens: promptTokens === null ? null : asCount(valueAt(value, promptTokens)),
      outputTokens: outputTokens === 'requested' ? null : asCount(valueAt(value, outputTokens)),
      cachedTokens: null,
    }
  },
  missingEnd(signs, streaming) {
    // A whole JSON body cannot be half an answer; a stream can, and needs one of the signs.
    if (!streaming || signs.isDone || signs.finishReason !== null || signs.outputTokens !== null) return null
    return 'data: [DONE], finish_reason, done: true or the token count'
  },
}

function request(ask: Ask): HttpRequest {
  const { path, streamPath, request: template } = ask.config.generate
  const view = {
    prompt: JSON.stringify(ask.prompt),
    outputTokens: ask.outputTokens,
    model: ask.model ?? '',
    stream: ask.streaming,
  }
  // The template writes JSON: mustache's own escaping is for HTML and would turn a slash into an entity.
  const body = mustache.render(template, view, {}, { escape: String })
  return { method: 'POST', path: ask.streaming ? streamPath : path, body: Buffer.from(body) }
}
