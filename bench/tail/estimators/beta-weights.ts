import { gammaln } from 'simple-statistics'
import { harrellDavis, type SortedSample } from '../../../src/stats/harrell-davis.ts'
import { incompleteBeta } from '../../../src/stats/incomplete-beta.ts'
import { type TailEstimator, weightedSum } from './estimator.ts'

/** What the action uses: the very function. */
export const harrellDavisPresent: TailEstimator = {
  name: 'Harrell-Davis',
  prepare: (_, p) => (sample) => harrellDavis(sample, p),
}

/**
 * Harrell-Davis of the logarithms, back on the scale of time: a weighted geometric mean. One very slow request, which is
 * several times as long as the others, pulls it less; what the gate compares are logarithms anyway.
 */
export const harrellDavisOfLogs: TailEstimator = {
  name: 'Harrell-Davis of the logarithms',
  prepare(n, p) {
    const logMean = weightedSum(betaWeights(n, p, 0, 1))
    return (sample) => Math.exp(logMean(sample.map(Math.log) as readonly number[] as SortedSample))
  },
}

/**
 * Harrell-Davis without the weights outside of the shortest stretch of the given width that holds most of them.
 *
 * @param width of the n and p, as a fraction of all ranks
 * @see Akinshin (2022), "Trimmed Harrell-Davis quantile estimator based on the highest density interval of the given
 *   width", Communications in Statistics
 */
function trimmedHarrellDavis(name: string, width: (n: number, p: number) => number): TailEstimator {
  return {
    name,
    prepare(n, p) {
      const from = densestStart((n + 1) * p, (n + 1) * (1 - p), width(n, p))
      return weightedSum(betaWeights(n, p, from, Math.min(1, from + width(n, p))))
    },
  }
}

/** The width that the paper advises. */
export const trimmedBySquareRoot = trimmedHarrellDavis('trimmed Harrell-Davis, width 1/√n', (n) => 1 / Math.sqrt(n))

/** At a high percentile 1/√n cuts off next to nothing; one standard deviation of the weights to either side does. */
export const trimmedNarrow = trimmedHarrellDavis('trimmed Harrell-Davis, narrow', (n, p) => {
  return 2 * Math.sqrt((p * (1 - p)) / (n + 2))
})

/** Weight of each rank: how much of the Beta distribution, cut to [from, to], lies in its n-th part of 0 to 1. */
export function betaWeights(n: number, p: number, from: number, to: number): number[] {
  const [a, b] = [(n + 1) * p, (n + 1) * (1 - p)]
  const [low, high] = [incompleteBeta(from, a, b), incompleteBeta(to, a, b)]
  const upTo = (x: number) => (incompleteBeta(Math.min(Math.max(x, from), to), a, b) - low) / (high - low)
  return Array.from({ length: n }, (_, index) => upTo((index + 1) / n) - upTo(index / n))
}

/** Where the stretch of this width begins that holds most of Beta(a, b): the density is the same at both of its ends. */
export function densestStart(a: number, b: number, width: number): number {
  const mode = (a - 1) / (a + b - 2)
  if (b <= 1 || mode >= 1) return Math.max(0, 1 - width)
  const logDensity = (x: number) =>
    gammaln(a + b) - gammaln(a) - gammaln(b) + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x)
  let low = Math.max(0, mode - width)
  let high = Math.max(low, Math.min(mode, 1 - width))
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (logDensity(middle) < logDensity(Math.min(1, middle + width))) low = middle
    else high = middle
  }
  return (low + high) / 2
}
