import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Preset, presetNames } from './gguf/presets.ts'

/** What an engine is started with. Every field has a default, so a team's server passes only what it changes. */
export interface EngineOptions {
  /** 0: the system chooses a free port. */
  readonly port: number
  readonly host: string
  readonly preset: Preset
  /** Requests that are computed at once; more wait in line. */
  readonly sequences: number
  /** Tokens that one forward pass may hold. Never less than `sequences`. */
  readonly batchSize: number
  /** Tokens of one prompt that one forward pass may hold; not below `batchSize`, it limits nothing. */
  readonly prefillChunk: number
  /** Prompt and output tokens together, per request. */
  readonly contextSize: number
  readonly flashAttention: boolean
  /** Step barrier: all running requests advance in the same forward pass. */
  readonly barrier: boolean
  /** Forward passes over each prompt before the one that answers, as a safety check of the input makes them. */
  readonly guardPasses: number
  /** Tokens from the start of each prompt that such a pass reads; 0: all of them. */
  readonly guardTokens: number
  /** Work out the probability of every token of the vocabulary at each step, as a server does for `logprobs`. */
  readonly probabilities: boolean
  /** Where generated models are kept. */
  readonly cacheDir: string
  /** Seed of the weights. */
  readonly seed: number
}

export const defaultOptions: EngineOptions = {
  port: 8000,
  host: '127.0.0.1',
  preset: 'nano',
  sequences: 16,
  batchSize: 512,
  prefillChunk: 4096,
  contextSize: 1024,
  flashAttention: true,
  barrier: true,
  guardPasses: 0,
  guardTokens: 0,
  probabilities: false,
  cacheDir: join(tmpdir(), 'llm-perf-engine'),
  seed: 1,
}

/** Something about the options that the person who wrote them must change. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError'
}

const wholeNumbers = {
  port: [0, 65_535],
  sequences: [1, 256],
  batchSize: [1, 4096],
  prefillChunk: [1, 4096],
  contextSize: [16, 8192],
  guardPasses: [0, 16],
  guardTokens: [0, 8192],
  seed: [0, 2 ** 32 - 1],
} as const

function problemOf(key: string, value: unknown): string | null {
  const shown = `got ${JSON.stringify(value)}`
  if (!Object.hasOwn(defaultOptions, key)) {
    return `${key}: unknown option (${Object.keys(defaultOptions).join(', ')})`
  }
  if (Object.hasOwn(wholeNumbers, key)) {
    const [low, high] = wholeNumbers[key as keyof typeof wholeNumbers]
    const fits = Number.isInteger(value) && Number(value) >= low && Number(value) <= high
    return fits ? null : `${key}: expected a whole number from ${low} to ${high}, ${shown}`
  }
  if (key === 'preset') {
    return presetNames.includes(value as Preset) ? null : `preset: expected ${presetNames.join(', ')}, ${shown}`
  }
  const expected = typeof defaultOptions[key as keyof EngineOptions]
  return typeof value === expected && value !== '' ? null : `${key}: expected a ${expected}, ${shown}`
}

/**
 * Fills in the defaults and checks every value.
 * @throws OptionsError that names all problems at once, each with the key, the value and what is allowed.
 */
export function resolveOptions(given: Partial<EngineOptions>): EngineOptions {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined)
  const problems = entries.map(([key, value]) => problemOf(key, value)).filter((problem) => problem !== null)
  if (problems.length > 0) throw new OptionsError(problems.join('\n'))
  return { ...defaultOptions, ...Object.fromEntries(entries) }
}

const flags = {
  config: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  preset: { type: 'string' },
  sequences: { type: 'string' },
  'batch-size': { type: 'string' },
  'prefill-chunk': { type: 'string' },
  'context-size': { type: 'string' },
  'flash-attention': { type: 'string' },
  barrier: { type: 'string' },
  'guard-passes': { type: 'string' },
  'guard-tokens': { type: 'string' },
  probabilities: { type: 'string' },
  'cache-dir': { type: 'string' },
  seed: { type: 'string' },
} as const

function flagValue(key: string, text: string): unknown {
  if (Object.hasOwn(wholeNumbers, key)) return /^\d+$/.test(text) ? Number(text) : text
  if (typeof defaultOptions[key as keyof EngineOptions] !== 'boolean') return text
  return text === 'on' ? true : text === 'off' ? false : text
}

function readConfigFile(path: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(resolve(path), 'utf8'))
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return parsed as Record<string, unknown>
    }
  } catch (error) {
    throw new OptionsError(`--config: ${path} cannot be read as JSON: ${(error as Error).message}`)
  }
  throw new OptionsError(`--config: ${path} must hold one JSON object with options, e.g. {"batchSize": 512}`)
}

/**
 * Options from command-line arguments; `--config` names a JSON file with the same options in camelCase, and flags win.
 * @throws OptionsError on anything unknown or out of range.
 */
export function parseOptions(args: readonly string[]): EngineOptions {
  let values: Partial<Record<keyof typeof flags, string>>
  try {
    values = parseArgs({ args: [...args], options: flags, strict: true }).values
  } catch (error) {
    throw new OptionsError(`${(error as Error).message}\nFlags: --${Object.keys(flags).join(', --')}`)
  }
  const { config, ...rest } = values
  const fromFlags = Object.entries(rest).map(([flag, text]) => {
    const key = flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
    return [key, flagValue(key, text)] as const
  })
  return resolveOptions({ ...(config ? readConfigFile(config) : {}), ...Object.fromEntries(fromFlags) })
}
