import mustache from 'mustache'
import { messageOf } from '../../errors.ts'
import type { Problem, Source } from '../problems.ts'
import type { ConfigView } from './view.ts'

/** What the load sets itself in each request: taken over by `extra-body`, the scenario would not be what it says. */
const ownBodyKeys = ['model', 'prompt', 'messages', 'stream', 'max_tokens', 'max_completion_tokens', 'n']

const templateVariables = ['prompt', 'outputTokens', 'model', 'stream']

export function apiProblems({ api }: ConfigView, source: Source): readonly Problem[] {
  const raw = (source.value as { api?: { type?: unknown } }).api
  if (raw?.type !== undefined && api.type === undefined) return extraBodyProblems(api, source)
  const type = api.type ?? 'openai-completions'
  return type === 'generate' ? generateProblems(api, source) : openaiProblems(type, api, source)
}

function openaiProblems(type: string, api: ConfigView['api'], source: Source): readonly Problem[] {
  const misplaced = api.generate
    ? [source.problemAt(['api', 'generate'], 'api.type generate', `describes an endpoint, but api.type is ${type}`)]
    : []
  return [...misplaced, ...extraBodyProblems(api, source)]
}

function extraBodyProblems(api: ConfigView['api'], source: Source): readonly Problem[] {
  return Object.entries(api['extra-body'] ?? {}).flatMap(([key, value]) => {
    const endless = leavesOf(value).find((leaf) => typeof leaf === 'number' && !Number.isFinite(leaf))
    if (endless !== undefined) {
      return [source.problemAt(['api', 'extra-body', key], 'what JSON can say', 'not a JSON number', endless)]
    }
    if (!ownBodyKeys.includes(key)) return []
    const allowed = key === 'model' ? 'api.model' : `any key but ${ownBodyKeys.join(', ')}`
    return [source.problemAt(['api', 'extra-body', key], allowed, 'this key is set for each request by its scenario')]
  })
}

function generateProblems(api: ConfigView['api'], source: Source): readonly Problem[] {
  const extra =
    Object.keys(api['extra-body'] ?? {}).length > 0
      ? [source.problemAt(['api', 'extra-body'], 'api.generate.request', 'only the openai types merge it')]
      : []
  const template = api.generate?.request
  if (template === undefined) return extra
  const found = templateProblem(template, api.model)
  const allowed =
    'a mustache template of a JSON object with {{{prompt}}} (already JSON, no quotes around it) and {{outputTokens}}'
  return found === null ? extra : [...extra, source.problemAt(['api', 'generate', 'request'], allowed, found)]
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

function leavesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value]
}
