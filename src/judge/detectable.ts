import { studentCdf, studentQuantile } from '../stats/student-t.ts'
import type { Cell } from './cells.ts'
import type { Effect } from './effect.ts'
import { clearingOf, type Look, plannedLooks } from './looks.ts'
import { suspicionLevel } from './screen.ts'

/** A detectable effect is caught 95 times in 100. */
const power = 0.95

export interface DesignNoise {
  /** Standard deviation of a pair's difference, as slowness. */
  readonly pairDeviation: number
  readonly degrees: number
  /** Cells tested together. */
  readonly family: number
}

/** Enough halvings for any precision that a report shows. */
const halvings = 40

/**
 * Minimum detectable effect of the paired stage, as slowness: the smallest that is missed at most 5 times in 100, where
 * missed is the sum of what can go wrong, hence a bound: cleared at a look before the last, or not convicted at the last.
 *
 * @returns null when so few pairs are allowed that no sign-flip test can convict
 */
export function detectableByPairs(cell: Cell, maxPairs: number, noise: DesignNoise): number | null {
  const looks = plannedLooks(maxPairs)
  const last = looks.at(-1)
  if (!last || last.share * 2 ** last.pairs < 1) return null
  const hurdles = looks.map((look) => hurdleAt(cell, look, look === last, noise))
  const isMissed = (effect: number) => hurdles.reduce((total, hurdle) => total + hurdle(effect), 0) > 1 - power
  let low = 0
  let high = cell.promisedLog
  for (let step = 0; step < halvings && isMissed(high); step++) high *= 2
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2
    if (isMissed(middle)) low = middle
    else high = middle
  }
  return high
}

/** Probability that a slowdown of a given size stays below what this look demands. */
function hurdleAt(cell: Cell, look: Look, isLast: boolean, noise: DesignNoise): (effect: number) => number {
  const error = noise.pairDeviation / Math.sqrt(look.pairs)
  const cleared = clearedBelow(cell, look, noise.degrees, error)
  const convicted = convictedFrom(cell, look, noise)
  return (effect) => {
    const limit = isLast ? convicted(effect) : cleared
    return error > 0 ? studentCdf((limit - effect) / error, noise.degrees) : Number(limit > effect)
  }
}

/** Estimates below this are cleared at a look. */
export function clearedBelow(cell: Cell, look: Look, degrees: number, error: number): number {
  return Math.min(cell.marginLog, cell.promisedLog - studentQuantile(clearingOf(look, cell), degrees) * error)
}

/**
 * Estimates from here on are convicted. The critical value is Bonferroni's, a little above that of max-T; flipped signs
 * scatter wider than pure noise does, since they scatter the effect too.
 */
function convictedFrom(cell: Cell, { pairs, share }: Look, noise: DesignNoise): (effect: number) => number {
  const { pairDeviation, degrees, family } = noise
  if (share === 0 || pairDeviation === 0) return () => cell.marginLog
  const critical = studentQuantile(1 - share / family, degrees)
  return (effect) => {
    const scatter = 1 + (effect / pairDeviation) ** 2
    const moderated = (degrees + (pairs - 1) * scatter) / (degrees + pairs - 1)
    return Math.max(cell.marginLog, critical * Math.sqrt(scatter / moderated / pairs) * pairDeviation)
  }
}

/** Minimum detectable effect of the screen, as slowness: suspected 95 times in 100. */
export function detectableByScreen(cell: Cell, error: Omit<Effect, 'estimate'>): number {
  return suspicionLevel(cell, error) + studentQuantile(power, error.degrees) * error.standardError
}
