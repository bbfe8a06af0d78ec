import { defaultScenarioName, type Scenario, sizeName } from '../model/scenario.ts'
import type { ProfileName } from './presets.ts'
import type { PromptSets } from './prompts/prompt-sets.ts'

/** The keys of a scenario that say what is asked and answered, names spelled out. */
export interface SizeKeys {
  readonly name?: string | undefined
  readonly preset?: string | undefined
  readonly profile?: ProfileName | undefined
  readonly prompts?: string | undefined
  readonly 'prompt-tokens'?: number | undefined
  readonly 'output-tokens'?: number | undefined
}

/** Stands for a length that the file does not say: a problem that the checks tell. */
const unknownLength = 0

/** What one scenario asks and gets answered. */
export function sizeOf(
  keys: SizeKeys,
  prompts: PromptSets,
): Pick<Scenario, 'promptTokens' | 'outputTokens' | 'prompts'> {
  const outputTokens = keys['output-tokens'] ?? unknownLength
  if (keys.prompts === undefined) {
    return { promptTokens: keys['prompt-tokens'] ?? unknownLength, outputTokens, prompts: null }
  }
  const { nominalTokens = unknownLength, sha256 = '' } = prompts.get(keys.prompts) ?? {}
  return { promptTokens: nominalTokens, outputTokens, prompts: { file: keys.prompts, sha256 } }
}

export function isSized({ promptTokens, outputTokens }: Pick<Scenario, 'promptTokens' | 'outputTokens'>): boolean {
  return promptTokens !== unknownLength && outputTokens !== unknownLength
}

/** The name that the file gives, else what it calls the work, else the sizes. */
export function nameOf(keys: SizeKeys, work: Omit<Scenario, 'name'>): string {
  return keys.name ?? keys.preset ?? defaultScenarioName(work, keys.profile ?? sizeName(work))
}
