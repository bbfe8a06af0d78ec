import { parseDocument } from 'yaml'

/** One value from outside the file (an input, a command line flag) that takes the place of a key of the file. */
export interface Override {
  /** As a person knows it: "input `port`". */
  readonly source: string
  readonly path: readonly string[]
  readonly text: string
  /** `text` is taken as it is; `yaml` is read as YAML, so that `8000`, `10%` and lists mean what they mean in the file. */
  readonly kind: 'text' | 'yaml'
}

export type ConfigOverrides = readonly Override[]

export const noOverrides: ConfigOverrides = []

/** The settings that mirror keys of llm-perf.yml, by the name of the input. */
export const overridable = {
  'server-command': { path: ['server', 'command'], kind: 'text' },
  'setup-command': { path: ['server', 'setup'], kind: 'text' },
  port: { path: ['server', 'port'], kind: 'yaml' },
  'ready-path': { path: ['server', 'ready', 'path'], kind: 'text' },
  api: { path: ['api', 'type'], kind: 'text' },
  model: { path: ['api', 'model'], kind: 'text' },
  scenarios: { path: ['scenarios'], kind: 'yaml' },
  matrix: { path: ['matrix'], kind: 'yaml' },
  'margin-latency': { path: ['gate', 'margins', 'latency'], kind: 'yaml' },
  'margin-tokens-per-second': { path: ['gate', 'margins', 'tokens-per-second'], kind: 'yaml' },
  trials: { path: ['gate', 'trials'], kind: 'yaml' },
  'max-pairs': { path: ['gate', 'max-pairs'], kind: 'yaml' },
  'budget-minutes': { path: ['gate', 'budget-minutes'], kind: 'yaml' },
} as const satisfies Record<string, Pick<Override, 'path' | 'kind'>>

export type Overridable = keyof typeof overridable

/**
 * Overrides from named texts; empty and absent ones are no override.
 *
 * @param label turns a name into what the person typed, e.g. "input `port`" or "--port"
 */
export function overridesFrom(
  values: Readonly<Partial<Record<Overridable, string>>>,
  label: (name: string) => string,
): ConfigOverrides {
  return (Object.keys(overridable) as Overridable[]).flatMap((name) => {
    const text = values[name]
    return text === undefined || text.trim() === '' ? [] : [{ ...overridable[name], source: label(name), text }]
  })
}

/** Those that set the gate's policy. */
export function policyOverrides(overrides: ConfigOverrides): ConfigOverrides {
  return overrides.filter((override) => override.path[0] === 'gate')
}

/**
 * The file's value with the overrides in place. Scenarios or a matrix from outside replace both of the file: what is
 * measured is then said in one place.
 *
 * @param overrides of kind `yaml` must be free of syntax faults
 */
export function applyOverrides(value: unknown, overrides: ConfigOverrides): unknown {
  if (!isMapping(value)) return value
  const result: Record<string, unknown> = structuredClone(value)
  if (overrides.some(({ path }) => path[0] === 'scenarios' || path[0] === 'matrix')) {
    delete result.scenarios
    delete result.matrix
  }
  for (const override of overrides) place(result, override.path, readOverride(override))
  return result
}

export function readOverride(override: Override): unknown {
  return override.kind === 'yaml' ? (parseDocument(override.text).toJS() as unknown) : override.text
}

/** A section that is no mapping stays as it is: the schema then says so. */
function place(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path
  if (key === undefined) return
  if (rest.length === 0) {
    target[key] = value
    return
  }
  if (target[key] === undefined) target[key] = {}
  const inner = target[key]
  if (isMapping(inner)) place(inner, rest, value)
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
