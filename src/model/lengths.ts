import type { ScenarioWindow } from './recording.ts'

/** A count over many requests. */
export interface Spread {
  readonly least: number
  readonly mean: number
  readonly most: number
}

/** How long the prompts and answers of one scenario were, by the server's own count. It explains, and decides nothing. */
export interface ScenarioLengths {
  readonly scenario: string
  readonly promptSource: ScenarioWindow['promptSource']
  /** Successful requests, which alone are counted. */
  readonly requests: number
  readonly prompt: {
    /** Null where prompts have whatever length they have. */
    readonly asked: number | null
    /** Null when the server did not count every one of them. */
    readonly counted: Spread | null
  }
  /** `isLimit`: shorter answers are as good. */
  readonly output: { readonly asked: number; readonly isLimit?: boolean; readonly counted: Spread | null }
}

const toleratedTokens = 2
const toleratedFraction = 0.02

/** By how many tokens a length may be off: at the seams of words, or for a begin mark. */
export function toleratedDeviation(asked: number): number {
  return Math.max(toleratedTokens, toleratedFraction * asked)
}
