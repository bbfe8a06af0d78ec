import { randomAt } from '../stats/random.ts'

/**
 * Which side of a pair starts first. Drawn anew for each pair, so that a machine that slowly gets slower cannot favour a
 * side; drawn from the seed, so that a recording shows why.
 *
 * @param pair counted from 0
 */
export function pairOrder(seed: number, pair: number): 'base-first' | 'head-first' {
  return randomAt(seed, pair) < 0.5 ? 'base-first' : 'head-first'
}
