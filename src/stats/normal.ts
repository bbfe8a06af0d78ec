import { exponential } from './exponential.ts'
import type { Random } from './random.ts'

/** A standard normal number, of two draws. @see Box and Muller (1958), "A note on the generation of random normal deviates" */
export function normal(random: Random): number {
  return Math.sqrt(2 * exponential(random)) * Math.cos(2 * Math.PI * random())
}

/**
 * The value of Student's t at the same probability as `z` of the standard normal distribution, to about one per cent up
 * to |z| = 3 from 7 degrees of freedom on: fast enough for simulations.
 * @param degrees degrees of freedom, above 0; Infinity gives z itself
 * @see Abramowitz & Stegun 26.7.5, its first three terms
 */
export function studentFromNormal(z: number, degrees: number): number {
  const square = z * z
  const first = (z * (square + 1)) / 4
  const second = (z * (square * (5 * square + 16) + 3)) / 96
  const third = (z * (square * (square * (3 * square + 19) + 17) - 15)) / 384
  return z + (first + (second + third / degrees) / degrees) / degrees
}
