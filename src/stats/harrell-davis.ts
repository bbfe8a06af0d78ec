import { incompleteBeta } from './incomplete-beta.ts'

declare const sorted: unique symbol
/** Finite numbers in ascending order, at least one: only {@link sortSample} makes one. */
export type SortedSample = readonly number[] & { readonly [sorted]: true }

/**
 * A sorted copy.
 * @throws RangeError when empty, or when a value is NaN or infinite: a quantile of these would look like a number
 */
export function sortSample(values: readonly number[]): SortedSample {
  if (values.length === 0) throw new RangeError('expected at least one value, got none')
  const broken = values.find((value) => !Number.isFinite(value))
  if (broken !== undefined) throw new RangeError(`expected finite values, got ${broken}`)
  return [...values].sort((a, b) => a - b) as readonly number[] as SortedSample
}

/**
 * Harrell-Davis quantile: all order statistics, weighted by how likely each is the wanted quantile. It varies less
 * from sample to sample than a single order statistic does, which is what a gate on a tail needs.
 *
 * @param p 0.9 for P90; above 0 and below 1
 * @see Harrell and Davis (1982), "A new distribution-free quantile estimator", Biometrika 69(3)
 */
export function harrellDavis(sample: SortedSample, p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`expected p between 0 and 1, got ${p}`)
  const n = sample.length
  const first = sample[0] ?? Number.NaN
  let estimate = 0
  let below = 0
  for (const [index, value] of sample.entries()) {
    const upTo = index + 1 === n ? 1 : incompleteBeta((index + 1) / n, (n + 1) * p, (n + 1) * (1 - p))
    // Relative to the smallest value, so that equal values give exactly themselves.
    estimate += (upTo - below) * (value - first)
    below = upTo
  }
  return first + estimate
}
