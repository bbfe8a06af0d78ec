import { gammaln } from 'simple-statistics'

const maxIterations = 10_000
const tolerance = 1e-15
/** Stands in for a zero denominator of the continued fraction. */
const tiny = 1e-300

/**
 * Regularised incomplete beta function I_x(a, b): the probability that a Beta(a, b) variable is at most `x`.
 * Student's t, Fisher's F and the Harrell-Davis weights are all this function.
 *
 * @param x 0 to 1
 * @param a above 0
 * @param b above 0
 * @throws RangeError outside of these ranges, NaN included
 * @see https://dlmf.nist.gov/8.17 (continued fraction 8.17.22, symmetry 8.17.4)
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1)) throw new RangeError(`expected x from 0 to 1, got ${x}`)
  if (!(a > 0 && b > 0)) throw new RangeError(`expected a and b above 0, got ${a} and ${b}`)
  if (x === 0 || x === 1) return x
  // The fraction converges fast only below the mean of the distribution; above it, the symmetry is used.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const logFront = gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log1p(-x)
  return (Math.exp(logFront) / a) * continuedFraction(x, a, b)
}

/** Modified Lentz evaluation, two terms a step. */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m <= maxIterations; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d)
    c = nonZero(1 + even / c)
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d)
    c = nonZero(1 + odd / c)
    value *= d * c
    if (Math.abs(d * c - 1) < tolerance) return value
  }
  throw new RangeError(`the incomplete beta function did not converge at x = ${x}, a = ${a}, b = ${b}`)
}

function nonZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value
}
