import { ascending } from './ascending.ts'
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
  return ascending(values) as readonly number[] as SortedSample
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
  const weights = weightsOf(sample.length, p)
  const first = sample[0] ?? Number.NaN
  let estimate = 0
  for (let index = 0; index < weights.length; index++) {
    // Relative to the smallest value, so that equal values give exactly themselves.
    estimate += (weights[index] ?? Number.NaN) * ((sample[index] ?? Number.NaN) - first)
  }
  return first + estimate
}

/** Every scenario has a handful of metrics over the same number of requests; these are kept, the oldest leaves. */
const mostKept = 32
const kept = new Map<string, Float64Array>()

/** Weights depend on size and quantile alone, and cost far more than the sum that they are for. */
function weightsOf(n: number, p: number): Float64Array {
  const key = `${n} ${p}`
  const known = kept.get(key)
  if (known) return known
  const weights = computeWeights(n, p)
  const [oldest] = kept.keys()
  if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest)
  kept.set(key, weights)
  return weights
}

function computeWeights(n: number, p: number): Float64Array {
  let below = 0
  return Float64Array.from({ length: n }, (_, index) => {
    const upTo = index + 1 === n ? 1 : incompleteBeta((index + 1) / n, (n + 1) * p, (n + 1) * (1 - p))
    const weight = upTo - below
    below = upTo
    return weight
  })
}
