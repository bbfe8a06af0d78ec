import { studentCdf } from '../../../src/stats/student-t.ts'
import { type TailEstimator, weightedSum } from './estimator.ts'

/** Of the standard deviation of the rank of the quantile: half of it, so that it differs from Harrell-Davis at all. */
const bandwidthFactor = 0.5

/**
 * Values weighted by a normal curve over their ranks. With a bandwidth of the full standard deviation of the rank it is
 * Harrell-Davis but for the skew of the weights.
 *
 * @see Sheather and Marron (1990), "Kernel quantile estimators", Journal of the American Statistical Association 85
 */
export const kernelSmoothed: TailEstimator = {
  name: 'kernel-smoothed, normal',
  prepare(n, p) {
    const bandwidth = bandwidthFactor * Math.sqrt((p * (1 - p)) / (n + 1))
    const upTo = (x: number) => normalCdf((x - p) / bandwidth)
    // What the curve would put outside of 0 to 1 is shared out over the rest.
    const inside = upTo(1) - upTo(0)
    return weightedSum(Array.from({ length: n }, (_, index) => (upTo((index + 1) / n) - upTo(index / n)) / inside))
  },
}

function normalCdf(z: number): number {
  return studentCdf(z, Number.POSITIVE_INFINITY)
}
