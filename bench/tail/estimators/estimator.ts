import type { SortedSample } from '../../../src/stats/harrell-davis.ts'

/** One way to tell the tail of a trial from its requests. */
export interface TailEstimator {
  readonly name: string
  /**
   * The estimator for samples of one size: what depends on the size alone is worked out once.
   *
   * @param n size of the samples, at least 20
   * @param p 0.9 for P90; above 0 and below 1
   */
  prepare(n: number, p: number): (sample: SortedSample) => number
}

/** The estimators that are a weighted sum of all values, smallest first. */
export function weightedSum(weights: readonly number[]): (sample: SortedSample) => number {
  const first = Math.max(
    0,
    weights.findIndex((weight) => weight !== 0),
  )
  const used = Float64Array.from(weights.slice(first))
  return (sample) => {
    let sum = 0
    // Plain loop: the bench runs it some millions of times.
    for (let index = 0; index < used.length; index++) sum += (used[index] ?? 0) * (sample[first + index] ?? Number.NaN)
    return sum
  }
}
