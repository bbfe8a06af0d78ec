import { studentCdf, studentQuantile } from '../stats/student-t.ts'
import type { Cell } from './cells.ts'
import { allowedFlips, clearingOf, type Look } from './looks.ts'

/** What is known of a cell's noise before its first pair. */
export interface PairNoise {
  /** Standard deviation of a pair's difference, as slowness. */
  readonly pairDeviation: number
  /** Degrees of freedom of what the window, or the other scenarios, say of it; 0: nothing. */
  readonly priorDegrees: number
  /** Cells tested together. */
  readonly family: number
}

/** What a look demands of a cell's t. */
export interface Hurdle {
  readonly pairs: number
  /** Of the standard error that the look computes. */
  readonly degrees: number
  /** Null: this look cannot convict. */
  readonly convicting: Convicting | null
  /** How many standard errors an estimate must stand above half the margin to convict. */
  readonly surely: number
  /** How many standard errors it must stay below the promised effect to clear. */
  readonly clearing: number
}

export interface Convicting {
  /** Least t of the pair differences. */
  readonly t: number
  /**
   * How many of the smallest differences must be slower, taken together, where so few sign flips are allowed that they
   * can be counted: 1 where only the observed signs may reach what was observed, so that every pair must be slower; 2
   * where one flip more may. Null: more flips are allowed, and t alone decides.
   */
  readonly smallest: 1 | 2 | null
}

/** An estimate that only noise lifted over the margin does not convict: this sure of more than half of it. */
export const surely = 0.95
/** Nobody's t is larger. */
const largestT = 60
const halvings = 18

export function hurdleAt(cell: Cell, look: Look, { priorDegrees, family }: Omit<PairNoise, 'pairDeviation'>): Hurdle {
  const degrees = priorDegrees + look.pairs - 1
  return {
    pairs: look.pairs,
    degrees,
    convicting: convictingAt(look, { priorDegrees, family }),
    surely: quantileOf(surely, degrees),
    clearing: clearingAt(cell, look, degrees),
  }
}

/** How many standard errors an estimate must stay below the promised effect for this look to clear the cell. */
export function clearingAt(cell: Cell, look: Look, degrees: number): number {
  return quantileOf(clearingOf(look, cell), degrees)
}

/**
 * Estimates below this are cleared: they are no slowdown past the margin themselves, and they rule the promised one out.
 *
 * @param clearing how many standard errors they must stay below the promised effect
 */
export function clearedBelow({ marginLog, promisedLog }: Cell, clearing: number, standardError: number): number {
  return Math.min(marginLog, promisedLog - clearing * standardError)
}

/**
 * Estimates from here on are convicted, if their signs agree: they are past the margin, so many standard errors above
 * nothing, and surely more than half the margin.
 *
 * @param t how many standard errors above 0
 * @param surely how many above half the margin
 */
export function convictedAbove({ marginLog }: Cell, t: number, surely: number, standardError: number): number {
  return Math.max(marginLog, t * standardError, marginLog / 2 + surely * standardError)
}

/** Nothing is sure where the standard error rests on nothing. */
function quantileOf(confidence: number, degrees: number): number {
  return degrees > 0 ? studentQuantile(confidence, degrees) : Number.POSITIVE_INFINITY
}

/**
 * What the sign-flip max-T test comes to for normal noise: among the flips of a column its own t is distributed as t of
 * as many degrees as the pairs give; the moderated t of the other columns has those of the prior too. Counted in flips,
 * since few pairs have few of them; the observed signs are one.
 *
 * @returns null when fewer than one flip may reach what was observed
 */
export function convictingAt(
  { pairs, share }: Pick<Look, 'pairs' | 'share'>,
  { priorDegrees, family }: Omit<PairNoise, 'pairDeviation'>,
): Convicting | null {
  const flips = 2 ** pairs
  const allowed = allowedFlips({ pairs, share })
  if (allowed < 1) return null
  const byOthers = (t: number) => (family - 1) * upperTail(t, pairs - 1 + priorDegrees)
  if (allowed <= 2) return { t: leastT((t) => byOthers(t) * flips <= allowed / 2), smallest: allowed === 1 ? 1 : 2 }
  const budget = (allowed + 0.5) / flips
  return { t: leastT((t) => upperTail(t, pairs - 1) + byOthers(t) <= budget), smallest: null }
}

function upperTail(t: number, degrees: number): number {
  return 1 - studentCdf(t, degrees)
}

/** The smallest t from which on the condition holds. */
function leastT(holds: (t: number) => boolean): number {
  let low = 0
  let high = largestT
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
