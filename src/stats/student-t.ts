import { gammaln } from 'simple-statistics'
import { incompleteBeta } from './incomplete-beta.ts'

/** Beyond this Student's t and the normal distribution agree to six digits, so more degrees change nothing. */
const maxDegrees = 1e6
const maxSteps = 1000
const precision = 1e-12

/**
 * P(T <= t) for Student's t.
 * @param degrees degrees of freedom, above 0; Infinity is the normal distribution
 * @see https://dlmf.nist.gov/8.17 and Abramowitz & Stegun 26.7.1
 */
export function studentCdf(t: number, degrees: number): number {
  const df = checkedDegrees(degrees)
  if (Number.isNaN(t)) throw new RangeError('expected a number as t, got NaN')
  if (!Number.isFinite(t)) return t > 0 ? 1 : 0
  const upper = upperTail(t, df)
  return t > 0 ? 1 - upper : upper
}

/**
 * The t that a Student variable stays under with probability `p`.
 * @param p above 0 and below 1
 * @param degrees degrees of freedom, above 0; Infinity is the normal distribution
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`expected p between 0 and 1, got ${p}`)
  const df = checkedDegrees(degrees)
  if (p === 0.5) return 0
  if (p < 0.5) return -studentQuantile(1 - p, df)
  // On the upper tail, since 1 - cdf would lose its digits. The tail is convex, so Newton's steps from 0 never overshoot.
  const logScale = gammaln((df + 1) / 2) - gammaln(df / 2) - Math.log(df * Math.PI) / 2
  let t = 0
  for (let step = 0; step < maxSteps; step++) {
    const density = Math.exp(logScale - ((df + 1) / 2) * Math.log1p((t * t) / df))
    const next = t + (upperTail(t, df) - (1 - p)) / density
    if (!(next - t > precision * next)) return next
    t = next
  }
  throw new RangeError(`Student's t quantile did not converge at p = ${p} with ${degrees} degrees of freedom`)
}

function upperTail(t: number, df: number): number {
  return incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2
}

function checkedDegrees(degrees: number): number {
  if (!(degrees > 0)) throw new RangeError(`expected degrees of freedom above 0, got ${degrees}`)
  return Math.min(degrees, maxDegrees)
}
