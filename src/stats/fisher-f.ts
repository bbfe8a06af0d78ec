import { incompleteBeta } from './incomplete-beta.ts'

/**
 * P(F > ratio) for a ratio of two variances with these degrees of freedom.
 * @param ratio 0 or more
 * @see Abramowitz & Stegun 26.6.2
 */
export function fisherUpperTail(ratio: number, numeratorDegrees: number, denominatorDegrees: number): number {
  if (!(ratio >= 0)) throw new RangeError(`expected a ratio of 0 or more, got ${ratio}`)
  if (ratio === Number.POSITIVE_INFINITY) return 0
  const x = denominatorDegrees / (denominatorDegrees + numeratorDegrees * ratio)
  return incompleteBeta(x, denominatorDegrees / 2, numeratorDegrees / 2)
}
