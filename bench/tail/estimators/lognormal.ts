import { studentQuantile } from '../../../src/stats/student-t.ts'
import type { TailEstimator } from './estimator.ts'

/**
 * The quantile of a lognormal distribution with the mean and the deviation of the sample's logarithms: as good as its
 * assumption, since the body of the sample then says where the tail is.
 *
 * @see Crow and Shimizu (1988), "Lognormal Distributions: Theory and Applications", chapter 2
 */
export const lognormal: TailEstimator = {
  name: 'lognormal fit',
  prepare(n, p) {
    const z = studentQuantile(p, Number.POSITIVE_INFINITY)
    return (sample) => {
      const logs = sample.map(Math.log)
      const mean = logs.reduce((total, value) => total + value, 0) / n
      const squares = logs.reduce((total, value) => total + (value - mean) ** 2, 0)
      return Math.exp(mean + z * Math.sqrt(squares / (n - 1)))
    }
  },
}
