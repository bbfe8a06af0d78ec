import mustache from 'mustache'
import { messageOf } from '../../errors.ts'
import type { Problem, Source } from '../problems.ts'
import { extraBodyProblems, leavesOf } from './extra-body.ts'
import type { ConfigView } from './view.ts'

const allowedTemplate =
  'a mustache template of a JSON object with {{{prompt}}} (already JSON, no quotes around it) and {{outputTokens}}'
const allowedText = 'sse or ndjson; text with output-tokens: requested'
const templateVariables = ['prompt', 'outputTokens', 'model', 'stream']

export function apiProblems({ api }: ConfigView, source: Source): readonly Problem[] {
  const raw = (source.value as { api?: { type?: unknown } }).api
  if (raw?.type !== undefined && api.type === undefined) return extraBodyProblems(undefined, api, source)
  const type = api.type ?? 'openai-completions'
  return [
    ...extraBodyProblems(type, api, source),
    ...(type === 'generate' ? generateProblems(api, source) : misplacedProblems(type, api, source)),
  ]
}

function misplacedProblems(type: string, api: ConfigView['api'], source: Source): readonly Problem[] {
  if (!api.generate) return []
  return [source.problemAt(['api', 'generate'], 'api.type generate', `describes an endpoint, but api.type is ${type}`)]
}

function generateProblems({ generate = {}, model }: ConfigView['api'], source: Source): readonly Problem[] {
  const path = ['api', 'generate']
  const template = generate.request
  const found = template === undefined ? null : templateProblem(template, model)
  const isUncounted = generate['stream-format'] === 'text' && generate['output-tokens'] !== 'requested'
  return [
    ...(found === null ? [] : [source.problemAt([...path, 'request'], allowedTemplate, found)]),
    ...(isUncounted
      ? [source.problemAt([...path, 'stream-format'], allowedText, 'text alone does not say how many tokens it is')]
      : []),
  ]
}

/** Why the template cannot make requests; null when it can. Tried with a prompt that needs JSON's escapes. */
function templateProblem(template: string, model: string | undefined): string | null {
  const prompt = 'two\n"lines"'
  const outputTokens = 8191
  try {
    const unknown = variablesOf(template).find((name) => !templateVariables.includes(name))
    if (unknown !== undefined) return `unknown variable ${unknown}; known are ${templateVariables.join(', ')}`
    if (model === undefined && variablesOf(template).includes('model')) return '{{model}} needs api.model'
    const view = { prompt: JSON.stringify(prompt), outputTokens, model: model ?? '', stream: true }
    const body = mustache.render(template, view, {}, { escape: String })
    const leaves = leavesOf(JSON.parse(body) as unknown)
    if (!leaves.includes(prompt)) return 'the prompt is not in the rendered body'
    return leaves.includes(outputTokens) ? null : 'the number of output tokens is not in the rendered body'
  } catch (error) {
    return `does not render to JSON: ${messageOf(error)}`
  }
}

/** Names in `{{x}}`, `{{{x}}}`, `{{&x}}` and sections, at any depth. */
function variablesOf(template: string): readonly string[] {
  const named = new Set(['name', '&', '{', '#', '^'])
  const walk = (spans: readonly unknown[]): readonly string[] =>
    spans.flatMap((span) => {
      const [kind, name, , , inner] = span as [string, string, number, number, unknown]
      return [...(named.has(kind) ? [name] : []), ...(Array.isArray(inner) ? walk(inner) : [])]
    })
  return walk(mustache.parse(template))
}
