import { quantileSorted } from 'simple-statistics'
import type { SortedSample } from '../../../src/stats/harrell-davis.ts'
import { type TailEstimator, weightedSum } from './estimator.ts'

/** The smallest value that at least the fraction p of all values do not exceed: what most load generators print. */
export const nearestRank: TailEstimator = {
  name: 'nearest rank',
  prepare: (n, p) => (sample) => sample[Math.ceil(p * n) - 1] ?? Number.NaN,
}

/**
 * Linear interpolation between two neighbouring values, the default of numpy and R.
 * @see Hyndman and Fan (1996), "Sample quantiles in statistical packages", type 7
 */
export const linear: TailEstimator = {
  name: 'linear interpolation (type 7)',
  prepare: (_, p) => (sample: SortedSample) => quantileSorted(sample as readonly number[] as number[], p),
}

/**
 * The plain mean of the values around the rank: as many on either side as make up half of the tail, so that of 300
 * values ranks 295 to 299 are P99. A moving average of the quantile function.
 * @see Kaigh and Lachenbruch (1982), "A generalized quantile estimator", for the idea of averaging order statistics
 */
export const meanAroundRank: TailEstimator = {
  name: 'mean of the values around the rank',
  prepare(n, p) {
    const rank = Math.ceil(p * n)
    const reach = Math.min(n - rank, Math.ceil((n * (1 - p)) / 2))
    const size = 2 * reach + 1
    return weightedSum(Array.from({ length: n }, (_, index) => (Math.abs(index + 1 - rank) <= reach ? 1 / size : 0)))
  },
}
