import type { ApiConfig } from '../../model/config.ts'
import type { Problem, Source } from '../problems.ts'
import type { ConfigView } from './view.ts'

const openai = ['model', 'prompt', 'messages', 'stream', 'max_tokens', 'max_completion_tokens', 'n']
const ollama = ['model', 'prompt', 'messages', 'stream', 'options.num_predict']

/** What the load sets itself in each request: taken over by `extra-body`, the scenario would not be what it says. */
const ownBodyKeys: Readonly<Record<Exclude<ApiConfig['type'], 'generate'>, readonly string[]>> = {
  'openai-completions': openai,
  'openai-chat': openai,
  'llama-cpp': ['prompt', 'stream', 'n_predict', 'max_tokens', 'n', 'n_cmpl', 'response_fields'],
  'ollama-generate': ollama,
  'ollama-chat': ollama,
  tgi: ['inputs', 'stream', 'parameters.max_new_tokens', 'parameters.details', 'parameters.best_of'],
  sglang: ['text', 'input_ids', 'stream', 'sampling_params.max_new_tokens', 'sampling_params.n'],
}

/** @param type undefined where the configured one is none: then only what holds for all types is looked at */
export function extraBodyProblems(
  type: ApiConfig['type'] | undefined,
  api: ConfigView['api'],
  source: Source,
): readonly Problem[] {
  const extra = api['extra-body'] ?? {}
  if (type === 'generate') {
    if (Object.keys(extra).length === 0) return []
    return [source.problemAt(['api', 'extra-body'], 'api.generate.request', 'of this type, the template is all of it')]
  }
  const own = type === undefined ? [] : ownBodyKeys[type]
  return [
    ...Object.entries(extra).flatMap(([key, value]) => numberProblems(key, value, source)),
    ...own.flatMap((path) => ownKeyProblems(path.split('.'), extra, own, source)),
  ]
}

function numberProblems(key: string, value: unknown, source: Source): readonly Problem[] {
  const endless = leavesOf(value).find((leaf) => typeof leaf === 'number' && !Number.isFinite(leaf))
  if (endless === undefined) return []
  return [source.problemAt(['api', 'extra-body', key], 'what JSON can say', 'not a JSON number', endless)]
}

function ownKeyProblems(
  path: readonly string[],
  extra: Readonly<Record<string, unknown>>,
  own: readonly string[],
  source: Source,
): readonly Problem[] {
  const [last = ''] = path.slice(-1)
  const holder = path.length === 1 ? extra : extra[path[0] ?? '']
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, last)) return []
  const allowed = last === 'model' ? 'api.model' : `any key but ${own.join(', ')}`
  return [source.problemAt(['api', 'extra-body', ...path], allowed, 'this key is set for each request by its scenario')]
}

/** Every value in a value, at any depth. */
export function leavesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value]
}
