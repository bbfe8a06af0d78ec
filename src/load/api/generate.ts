import mustache from 'mustache'
import type { ApiConfig } from '../../model/config.ts'
import { parseJson } from '../answer/parse-json.ts'
import type { Api, Ask, HttpRequest } from './api.ts'
import { asCount, asText, errorMessage, valueAt } from './json.ts'

/** Any home-made endpoint: a template writes the request, dot paths read the answer. */
export const generate: Api = {
  modelList: null,
  takesTokenIds: false,
  takesMessages: false,
  mayTokenize: false,
  // Whatever it takes is in its template.
  forcesLength: true,
  repeatsText: false,
  streamFormat: (config) => config.generate.streamFormat,
  countSource: (config) => (config.generate.outputTokens === 'requested' ? 'requested' : 'mapping'),
  request,
  // A switch by any other name is not known here.
  greedyBody: (config) => (isGreedy(writtenBody(config)) ? {} : null),
  read(value, config) {
    const paths = config.generate
    const { promptTokens, outputTokens } = paths
    return {
      text: asText(valueAt(value, paths.text)),
      finishReason: asText(valueAt(value, paths.finishReason)) || null,
      isDone: valueAt(value, paths.done) === true,
      error: errorMessage(valueAt(value, paths.error)),
      promptTokens: promptTokens === null ? null : asCount(valueAt(value, promptTokens)),
      outputTokens: outputTokens === 'requested' ? null : asCount(valueAt(value, outputTokens)),
      cachedTokens: null,
    }
  },
  missingEnd(signs, streaming, config) {
    // A whole JSON body cannot be half an answer; nor has bare text a place for a sign. A stream of events needs one.
    if (!streaming || config.generate.streamFormat === 'text') return null
    if (signs.isDone || signs.finishReason !== null || signs.outputTokens !== null) return null
    const { done, finishReason } = config.generate
    return `data: [DONE], ${finishReason}, ${done}: true or the token count`
  },
}

/** What the template makes of a short prompt; undefined when that is no JSON. */
function writtenBody(config: ApiConfig): unknown {
  const ask = { config, model: config.model, prompt: 'Hello', outputTokens: 1, streaming: false, isLlamaCpp: false }
  return parseJson(String(request(ask).body))
}

/** True where any part of a body says `temperature: 0` or `do_sample: false`. */
function isGreedy(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([key, inner]) =>
      (key === 'temperature' && inner === 0) || (key === 'do_sample' && inner === false) || isGreedy(inner),
  )
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
