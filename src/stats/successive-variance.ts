import { unknownVariance, type Variance } from './moderated-variance.ts'

/**
 * The variance of values around a mean that may move slowly, from the differences of neighbours: half their mean square.
 * A trend of many small steps hardly enters, where it would rule the variance around the overall mean.
 *
 * @param values in their order; unknown below two
 * @returns the degrees of freedom are those of a chi-squared variable with the same mean and variance, for normal noise:
 * about two thirds of what the variance around the mean has
 * @see von Neumann, Kent, Bellinson and Hart (1941), "The mean square successive difference"
 */
export function successiveVariance(values: readonly number[]): Variance {
  const n = values.length
  if (n < 2) return unknownVariance
  const squares = values.slice(1).reduce((total, value, index) => total + (value - (values[index] ?? 0)) ** 2, 0)
  return { value: squares / (2 * (n - 1)), degrees: (2 * (n - 1) ** 2) / (3 * n - 4) }
}
