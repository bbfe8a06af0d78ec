import { type AnchorScatter, inverseVarianceWeight } from './anchor.ts'
import type { Cell } from './cells.ts'
import { clearedBelow, convictedAbove, type Hurdle, type PairNoise } from './hurdles.ts'
import { type SimulatedNoise, SimulatedPairs, simulatedNoise, simulatedRuns } from './simulated-pairs.ts'

/**
 * The smallest slowdown that each of many simulated runs of the paired stage would convict, as slowness. Noise is normal
 * and as given; looks, boundaries and what clears early are the judge's own. Under the same noise whatever catches a
 * slowdown catches a larger one, so one number says all of a run.
 *
 * @param scatter how the window helps to clear; null where it does not
 */
export function smallestConvicted(
  cell: Cell,
  hurdles: readonly Hurdle[],
  noise: PairNoise,
  scatter: AnchorScatter | null,
): Float64Array {
  const simulated = simulatedNoise(noise, scatter)
  const looks = hurdles.map((hurdle) => ({ hurdle, anchored: anchoredAt(hurdle, simulated) }))
  return Float64Array.from({ length: simulatedRuns }, (_, run) => {
    const pairs = new SimulatedPairs(run, simulated)
    let caught = Number.POSITIVE_INFINITY
    let cleared = Number.NEGATIVE_INFINITY
    for (const { hurdle, anchored } of looks) {
      pairs.advance(hurdle.pairs)
      const variance = moderated(pairs.variance(), hurdle, noise)
      caught = Math.min(caught, Math.max(cleared, convictedFrom(cell, hurdle, pairs, variance)))
      cleared = Math.max(cleared, clearedUpTo(cell, hurdle, pairs, variance, anchored))
      if (cleared >= caught) break
    }
    return caught
  })
}

function moderated(variance: number, { pairs, degrees }: Hurdle, { priorDegrees, pairDeviation }: PairNoise): number {
  return degrees > 0 ? (priorDegrees * pairDeviation ** 2 + (pairs - 1) * variance) / degrees : 0
}

/** Slowdowns from here on are convicted by this look. */
function convictedFrom(cell: Cell, hurdle: Hurdle, pairs: SimulatedPairs, variance: number): number {
  if (!hurdle.convicting) return Number.POSITIVE_INFINITY
  const { t, smallest } = hurdle.convicting
  const error = Math.sqrt(variance / hurdle.pairs)
  const ownError = Math.sqrt(pairs.variance() / hurdle.pairs)
  const estimate = Math.max(
    convictedAbove(cell, t, hurdle.surely, error),
    smallest === null ? t * ownError : Number.NEGATIVE_INFINITY,
  )
  return Math.max(estimate - pairs.mean(), smallest === null ? Number.NEGATIVE_INFINITY : -pairs.meanOfLeast(smallest))
}

/** Slowdowns below this are cleared by this look: by the pairs, or by pairs and window where that is more precise. */
function clearedUpTo(
  cell: Cell,
  hurdle: Hurdle,
  pairs: SimulatedPairs,
  variance: number,
  anchored: AnchoredLook | null,
): number {
  const error = Math.sqrt(variance / hurdle.pairs)
  if (!(error > 0)) return Number.NEGATIVE_INFINITY
  const anchoredError = anchored ? Math.sqrt(anchored.ofPairs * variance + anchored.ofLevel) : Number.POSITIVE_INFINITY
  return anchored && anchoredError < error
    ? clearedBelow(cell, hurdle.clearing, anchoredError) - pairs.anchoredMean(anchored.weight)
    : clearedBelow(cell, hurdle.clearing, error) - pairs.mean()
}

/** How an anchored estimate stands to the plain one at a look. */
interface AnchoredLook {
  /** Of the own base trials; the rest is the other scenarios'. */
  readonly weight: number
  /** Its variance from trial to trial, for each unit of variance of a pair's difference. */
  readonly ofPairs: number
  /** Its variance by where the scenario stands to the others. */
  readonly ofLevel: number
}

function anchoredAt({ pairs }: Hurdle, { ofTrial, anchor }: SimulatedNoise): AnchoredLook | null {
  if (!anchor || pairs < 2 || !(ofTrial > 0)) return null
  const { shared, besides, contrast, level } = anchor
  const weight = inverseVarianceWeight(contrast / pairs, level)
  if (!Number.isFinite(weight)) return null
  const base = (weight + (1 - weight) * shared) ** 2 + ((1 - weight) * (besides / ofTrial)) ** 2
  return { weight, ofPairs: (1 + base) / 2 / pairs, ofLevel: (1 - weight) ** 2 * level }
}
