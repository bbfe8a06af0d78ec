import { normal } from '../../src/stats/normal.ts'
import type { Random } from '../../src/stats/random.ts'
import { studentCdf } from '../../src/stats/student-t.ts'

export const shapes = ['gumbel', 'lognormal', 'bimodal', 'heavy-tailed'] as const
export type Shape = (typeof shapes)[number]

const eulerGamma = 0.5772156649015329
/** Half the distance of the two modes; the rest of the variance is within a mode. */
const modeOffset = 0.9
/** Fewest degrees of freedom with a variance. */
const heavyDegrees = 3

/**
 * A number of the shape with mean 0 and standard deviation 1, made from a standard normal one, so that correlated
 * normal numbers give correlated ones of any shape (a Gaussian copula).
 */
export function shaped(shape: Shape, z: number, random: Random): number {
  if (shape === 'lognormal') return z
  // Which mode is decided by the sign, so that correlated scenarios share their mode.
  if (shape === 'bimodal') return Math.sign(z) * modeOffset + Math.sqrt(1 - modeOffset ** 2) * normal(random)
  const u = Math.min(1 - 1e-12, Math.max(1e-12, normalCdf(z)))
  if (shape === 'gumbel') return ((-Math.log(-Math.log(u)) - eulerGamma) * Math.sqrt(6)) / Math.PI
  return heavyQuantile(u) / Math.sqrt(heavyDegrees / (heavyDegrees - 2))
}

/** Student's t with three degrees of freedom, by bisection: it has no closed form. */
function heavyQuantile(u: number): number {
  let low = -1e4
  let high = 1e4
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (studentCdf(middle, heavyDegrees) < u) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Student's t with very many degrees of freedom is the normal distribution. */
function normalCdf(z: number): number {
  return studentCdf(z, 1e7)
}
