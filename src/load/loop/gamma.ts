import { exponential } from '../../stats/exponential.ts'
import { normal } from '../../stats/normal.ts'
import type { Random } from '../../stats/random.ts'

/**
 * A random number of the gamma distribution with mean 1: shape `shape`, scale 1 / shape, so its coefficient of variation
 * is 1 / sqrt(shape).
 *
 * @param shape above 0; 1 is the exponential distribution
 * @see Marsaglia and Tsang (2000), "A simple method for generating gamma variables", ACM TOMS 26(3): the squeeze is left
 *   out, and below shape 1 a gamma number of shape + 1 is shrunk by U^(1 / shape), as in their section 6
 */
export function gammaOfMeanOne(shape: number, random: Random): number {
  if (shape === 1) return exponential(random)
  if (shape > 1) return standardGamma(shape, random) / shape
  const boost = Math.exp(-exponential(random) / shape)
  return (standardGamma(shape + 1, random) * boost) / shape
}

/** Scale 1, shape at least 1. */
function standardGamma(shape: number, random: Random): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && -exponential(random) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}
