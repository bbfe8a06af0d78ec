import { mean } from 'simple-statistics'
import type { AcceptedSlowdown } from '../model/accepted.ts'
import type { BaselineJob, BaselineWindow, BestLevel } from '../model/baseline.ts'
import { fitPeers, moderate, poolVariances, unknownVariance, type Variance } from '../stats/moderated-variance.ts'
import { studentQuantile } from '../stats/student-t.ts'
import { successiveVariance } from '../stats/successive-variance.ts'
import { type Cell, isSameCell, singlesOf } from './cells.ts'
import { jobMeans } from './job-means.ts'
import { concerns, levelJobs } from './level-jobs.ts'
import { fromValue, slowness, toFractionSlower, toValue } from './slowness.ts'
import { leastVariance } from './window-noise.ts'

/** A level is sustained when so many neighbouring jobs are averaged: one lucky job is none. */
export const sustainedJobs = 4
/**
 * Confidence with which two sustained levels must differ before one is called better. Asked at every push and for every
 * cell, so chance may answer once in ten thousand times.
 */
const clear = 0.9999

/** Where a cell stands by its newest jobs. */
interface Sustained {
  /** As slowness. */
  readonly level: number
  /** Of a job's mean. */
  readonly variance: Variance
  readonly first: BaselineJob
  readonly last: BaselineJob
}

/**
 * The best sustained level of each cell, after a job entered the window. A rolling window alone is crept past: every step
 * is small against a window that has just followed the last one. These levels stay.
 *
 * - The first {@link sustainedJobs} jobs of a level set it, as they come: nothing was chosen, so luck is not in it.
 * - A later level replaces it only when it is better beyond its noise. The lowest of many averages would be low by luck
 *   (selection bias: 1.2 to 1.5 standard deviations of a job's mean after 100 to 400 pushes); so it
 *   moves by chance once in 10,000 pushes and cell.
 * - It is left for the worse when the present level is past the margin and beyond the noise; from then on until it is
 *   back within the margin.
 * - What was accepted or redefined starts again: see {@link keepBest}. A change of level that was only found does not:
 *   nobody said that it was meant.
 */
export function updateBest(window: BaselineWindow, cells: readonly Cell[]): BestLevel[] {
  const present = new Map(cells.map((cell) => [cell.key, sustainedLevel(window, cell)]))
  return cells.flatMap((cell) => {
    const known = bestOf(window, cell)
    const now = present.get(cell.key) ?? null
    if (!now) return known ?? []
    if (!known) return setBy(now, cell)
    const ofPeers = fitPeers(singlesOf(cells, cell.metric).flatMap((peer) => present.get(peer.key)?.variance ?? []))
    return compare(known, now, cell, cell.scenario === null ? unknownVariance : ofPeers)
  })
}

/**
 * What stays of a window's best levels when a job comes with accepted slowdowns, or scenarios are defined anew.
 *
 * @param cells of the matrix as it is now
 * @param unchanged names of the scenarios that are the same work as before
 */
export function keepBest(
  window: BaselineWindow,
  cells: readonly Cell[],
  accepted: readonly AcceptedSlowdown[],
  unchanged: ReadonlySet<string>,
): BestLevel[] {
  return window.best.filter((level) => {
    const cell = cells.find((one) => isSameCell(one, level))
    if (!cell) return false
    const measured = level.scenario === null ? window.scenarios.map(({ name }) => name) : []
    const isSame = [...cell.members, ...measured].every((name) => unchanged.has(name))
    return isSame && !accepted.some((one) => concerns(one, cell))
  })
}

/** The best level of a cell, once it has had a sustained one. */
export function bestOf({ best }: BaselineWindow, cell: Cell): BestLevel | undefined {
  return best.find((level) => isSameCell(level, cell))
}

function sustainedLevel(window: BaselineWindow, cell: Cell): Sustained | null {
  const jobs = jobMeans(levelJobs(window, cell), (trial) => slowness(trial, cell.metric, cell.members))
  const newest = jobs.slice(-sustainedJobs)
  const [first, last] = [newest[0], newest.at(-1)]
  if (!first || !last || newest.length < sustainedJobs) return null
  return {
    level: mean(newest.map((one) => one.mean)),
    variance: successiveVariance(jobs.map((one) => one.mean)),
    first: first.job,
    last: last.job,
  }
}

function compare(known: BestLevel, now: Sustained, cell: Cell, ofPeers: Variance): BestLevel {
  const measured = poolVariances([{ value: known.spread ** 2, degrees: known.degrees }, now.variance])
  const variance = moderate(measured, ofPeers)
  if (!(variance.value > leastVariance)) return known
  const difference = now.level - fromValue(known.metric, known.value)
  const noise = studentQuantile(clear, variance.degrees) * Math.sqrt((2 * variance.value) / sustainedJobs)
  if (difference <= -noise) return setBy(now, cell)
  const isSlower = difference >= cell.marginLog && (known.slower !== null || difference >= noise)
  if (!isSlower) return { ...known, slower: null }
  const { commit, at } = known.slower ?? now.first
  return { ...known, slower: { commit, at, by: toFractionSlower(cell.metric, difference) } }
}

function setBy({ level, variance, last }: Sustained, { scenario, metric }: Cell): BestLevel {
  const spread = Math.sqrt(variance.value)
  const { commit, at } = last
  return {
    scenario,
    metric,
    value: toValue(metric, level),
    spread,
    degrees: variance.degrees,
    commit,
    at,
    slower: null,
  }
}
