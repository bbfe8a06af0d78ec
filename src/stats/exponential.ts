import type { Random } from './random.ts'

/** An exponential number of mean 1, by inversion of one draw; 1 - random() is above 0, so the logarithm is finite. */
export function exponential(random: Random): number {
  return -Math.log(1 - random())
}
