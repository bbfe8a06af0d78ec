/**
 * Lengths by name: S is short and L long, the prompt first, so `tiny-SL` is a short prompt and a long answer. Prompts of
 * 40, 400 and 1000 repetitions of a phrase are meant, at 3 tokens a repetition: the most that leaves the longest prompt
 * and the longest answer room in a context of 4096 tokens.
 */
export const profiles = {
  'tiny-SS': { 'prompt-tokens': 120, 'output-tokens': 8 },
  'tiny-SL': { 'prompt-tokens': 120, 'output-tokens': 512 },
  'tiny-LS': { 'prompt-tokens': 1200, 'output-tokens': 8 },
  'tiny-LL': { 'prompt-tokens': 1200, 'output-tokens': 512 },
  'huge-SS': { 'prompt-tokens': 120, 'output-tokens': 1 },
  'huge-SL': { 'prompt-tokens': 120, 'output-tokens': 512 },
  'huge-LS': { 'prompt-tokens': 3000, 'output-tokens': 1 },
  'huge-LL': { 'prompt-tokens': 3000, 'output-tokens': 512 },
} as const

/** Whole scenarios by name. `concurrency` beside a `rate` is the most in flight. */
export const presets = {
  'quick-check': { 'prompt-tokens': 512, 'output-tokens': 128, concurrency: 10, requests: 50 },
  'online-support': { 'prompt-tokens': 256, 'output-tokens': 128, rate: 20, concurrency: 50, requests: 1000 },
  'content-platform': { 'prompt-tokens': 512, 'output-tokens': 512, rate: 100, concurrency: 200, requests: 2000 },
  'code-assistant': { 'prompt-tokens': 1024, 'output-tokens': 256, rate: 10, concurrency: 20, requests: 500 },
} as const

export type ProfileName = keyof typeof profiles
export type PresetName = keyof typeof presets

export const profileNames = Object.keys(profiles) as [ProfileName, ...ProfileName[]]
export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]]

/** What names may stand for in a scenario. */
interface Shorthand {
  readonly preset?: PresetName | undefined
  readonly profile?: ProfileName | undefined
  readonly prompts?: string | undefined
}

/** The keys that the names of a scenario stand for; what the scenario says itself goes before. */
export function spellOut<T extends Shorthand>(scenario: T): T {
  const given = Object.fromEntries(Object.entries(scenario).filter(([, value]) => value !== undefined))
  const merged: Record<string, unknown> = {
    ...(scenario.preset === undefined ? {} : presets[scenario.preset]),
    ...(scenario.profile === undefined ? {} : profiles[scenario.profile]),
    ...given,
  }
  // The file's prompts have lengths of their own.
  if (scenario.prompts !== undefined && given['prompt-tokens'] === undefined) delete merged['prompt-tokens']
  return merged as T
}
