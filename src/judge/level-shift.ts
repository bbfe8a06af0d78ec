import { mean } from 'simple-statistics'
import { fitPeers, moderate, poolVariances, type Variance, varianceOf } from '../stats/moderated-variance.ts'
import { studentCdf } from '../stats/student-t.ts'
import { leastVariance } from './window-noise.ts'

/** A level seen in one job only may be that job's own bad day. */
export const fewestOnASide = 2

/** Where the means of jobs change their level. */
export interface Shift {
  /** Position of the first job of the new level. */
  readonly index: number
  /** New less old level, as slowness. */
  readonly size: number
}

/**
 * Finds the one change of level that the means of a few jobs prove, if any: the split with the largest two-sample t, with
 * the variance around the two levels moderated by that of peers. The error is shared among all splits (Bonferroni), so
 * for normal noise that jobs do not share, a level that never changed is split with a probability of `error` at most.
 *
 * @param means one for each job, oldest first, as slowness
 * @param error probability of a false alarm, over all splits
 * @param prior what is known of the variance of a job's mean
 * @returns null without a proof, below four jobs, and without any spread
 * @see Worsley (1979), "On the likelihood ratio test for a shift in location of normal populations"
 */
export function findShift(means: readonly number[], error: number, prior: Variance): Shift | null {
  const splits = Math.max(0, means.length - 2 * fewestOnASide + 1)
  let found: Shift | null = null
  let least = error / splits
  for (let index = fewestOnASide; index <= means.length - fewestOnASide; index++) {
    const [before, after] = [means.slice(0, index), means.slice(index)]
    const variance = moderate(poolVariances([varianceOf(before), varianceOf(after)]), prior)
    if (!(variance.value > leastVariance)) continue
    const size = mean(after) - mean(before)
    const t = size / Math.sqrt(variance.value * (1 / before.length + 1 / after.length))
    const p = 2 * studentCdf(-Math.abs(t), variance.degrees)
    if (p > least) continue
    least = p
    found = { index, size }
  }
  return found
}

/** What the means of peers in the same jobs say of the variance of one of them. A shift of a peer makes it larger, which is safe. */
export function peerVariance(peers: readonly (readonly number[])[]): Variance {
  return fitPeers(peers.map((means) => varianceOf(means)))
}
