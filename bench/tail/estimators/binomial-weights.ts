import { gammaln } from 'simple-statistics'
import { type TailEstimator, weightedSum } from './estimator.ts'

/**
 * The first of the three estimators of Sfakianakis and Verginis: a value weighs as much as it is likely that so many
 * values lie below the quantile; what lies beyond the largest value is continued along the last two.
 *
 * @see Sfakianakis and Verginis (2008), "A new family of nonparametric quantile estimators", Communications in
 *   Statistics 37(2), SV1. The end pieces mirror each other, so that all weights add up to one.
 */
export const sfakianakisVerginis: TailEstimator = {
  name: 'Sfakianakis-Verginis (SV1)',
  prepare(n, p) {
    const below = Array.from({ length: n + 1 }, (_, count) => binomial(n, count, p))
    const weights = Array.from({ length: n }, (_, index) => ((below[index] ?? 0) + (below[index + 1] ?? 0)) / 2)
    const add = (index: number, weight: number) => {
      weights[index] = (weights[index] ?? 0) + weight
    }
    const [none, all] = [(below[0] ?? 0) / 2, (below[n] ?? 0) / 2]
    for (const [place, sign] of [1, 1, -1].entries()) {
      add(place, sign * none)
      add(n - 1 - place, sign * all)
    }
    return weightedSum(weights)
  },
}

/** Probability of this many successes in n. */
function binomial(n: number, count: number, p: number): number {
  const choices = gammaln(n + 1) - gammaln(count + 1) - gammaln(n - count + 1)
  return Math.exp(choices + count * Math.log(p) + (n - count) * Math.log1p(-p))
}
