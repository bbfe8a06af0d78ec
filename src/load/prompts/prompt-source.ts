import type { Prompt } from '../api/api.ts'
import { type Arrangement, arrange } from './arrange.ts'
import { type CountTokens, type LengthLine, solveUnits } from './calibrate.ts'

/** What decides a prompt, besides its length. */
export interface PromptKey {
  readonly seed: number
  readonly scenario: string
  readonly index: number
}

/** Words to make prompts of. */
export interface WordList {
  readonly words: readonly string[]
  /** True when every word is known to cost the same number of tokens. */
  readonly isUniform: boolean
}

/** Makes prompts of exact length for one server. */
export type PromptSource =
  /** `ids` are ordinary tokens of its vocabulary; `overhead` is what the server counts on top of them. */
  | { readonly kind: 'token-ids'; readonly ids: readonly number[]; readonly overhead: number }
  /** The line tells how many words make how many tokens; null where the server counts none: then one word is one. */
  | { readonly kind: 'tokenize' | 'words'; readonly list: WordList; readonly line: LengthLine | null }

/**
 * Number of units (ids or words) of prompts with that many tokens.
 * @param countWith gives the way to count prompts of a list; only called where words are calibrated.
 */
export async function findUnits(
  source: PromptSource,
  tokens: number,
  countWith: (list: WordList, kind: 'tokenize' | 'words') => CountTokens,
): Promise<number> {
  if (source.kind === 'token-ids') return Math.max(1, tokens - source.overhead)
  if (source.line === null) return tokens
  return solveUnits(tokens, source.line, countWith(source.list, source.kind))
}

/** The prompt of so many units for a key: same key, same prompt, on any machine and either side. */
export function makePrompt(source: PromptSource, units: number, key: PromptKey): Prompt {
  const order = { count: units, key: `${key.seed}/${key.scenario}`, index: key.index }
  if (source.kind !== 'token-ids') return wordPrompt(source.list, order)
  const { ids } = source
  return arrange({ ...order, alphabet: ids.length, isUniform: true }).map((unit) => ids[unit] as number)
}

/** The same without a source: what calibration counts. */
export function wordPrompt(list: WordList, order: Pick<Arrangement, 'count' | 'key' | 'index'>): string {
  const units = arrange({ ...order, alphabet: list.words.length, isUniform: list.isUniform })
  // The space in front makes the first word cost what it costs in any other place.
  return ` ${units.map((unit) => list.words[unit]).join(' ')}`
}
