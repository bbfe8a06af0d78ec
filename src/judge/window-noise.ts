import { mean } from 'simple-statistics'
import type { Metric } from '../metrics/index.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import {
  fitPeers,
  moderate,
  poolVariances,
  unknownVariance,
  type Variance,
  varianceOf,
} from '../stats/moderated-variance.ts'
import { type Cell, singlesOf } from './cells.ts'
import type { Effect } from './effect.ts'
import { jobValues } from './job-means.ts'
import { levelJobs, type Quantity } from './level-jobs.ts'
import { type Measured, slowness } from './slowness.ts'

/** What the window says of one cell, as slowness: level and jobs since the level last changed. */
export interface CellNoise {
  /** Mean of the jobs' means. */
  readonly level: number
  readonly jobs: number
  /** From trial to trial within a job, of all jobs. */
  readonly within: Variance
  /** Of the jobs' means around the level, noise of their trials included. */
  readonly ofJobMeans: Variance
  /** Mean over jobs of 1 / trials of the job. */
  readonly inverseTrials: number
}

/** Fewer jobs since the level changed say next to nothing of how much jobs differ. */
export const fewestJobs = 3

/**
 * The noise of each cell, by its key; a cell that no job measured is absent. Within-job variances of a metric's scenarios
 * moderate each other.
 */
export function windowNoise(window: BaselineWindow, cells: readonly Cell[]): Map<string, CellNoise> {
  const raw = new Map<string, CellNoise>()
  for (const cell of cells) {
    const noise = cellNoise(window, cell.metric, cell.members)
    if (noise) raw.set(cell.key, noise)
  }
  const moderated = new Map<string, CellNoise>()
  for (const cell of cells) {
    const noise = raw.get(cell.key)
    if (!noise) continue
    const peers = singlesOf(cells, cell.metric)
    moderated.set(cell.key, cell.scenario === null ? noise : moderateByPeers(noise, peers, raw))
  }
  return moderated
}

/** The noise of one scenario, moderated by that of all scenarios of its metric. */
export function moderateByPeers(
  noise: CellNoise,
  peers: readonly Cell[],
  raw: ReadonlyMap<string, CellNoise>,
): CellNoise {
  const known = peers.flatMap((peer) => raw.get(peer.key) ?? [])
  return {
    ...noise,
    within: moderate(noise.within, fitPeers(known.map(({ within }) => within))),
    ofJobMeans: moderate(noise.ofJobMeans, fitPeers(known.map(({ ofJobMeans }) => ofJobMeans))),
  }
}

/** The noise of one metric over these scenarios; null when no job measured all of them. */
export function cellNoise(window: BaselineWindow, metric: Metric, members: readonly string[]): CellNoise | null {
  return noiseOf(window, { metric, members }, (trial) => slowness(trial, metric, members))
}

/**
 * The noise of anything that can be computed from trials; null when no trial has it since the level last changed. All jobs
 * tell the noise within a job, those since then also the level and how much jobs differ.
 */
export function noiseOf(
  window: BaselineWindow,
  quantity: Quantity,
  value: (trial: Measured) => number | null,
): CellNoise | null {
  const present = jobValues(levelJobs(window, quantity), value)
  if (present.length === 0) return null
  const means = present.map(({ values }) => mean(values as number[]))
  return {
    level: mean(means),
    jobs: present.length,
    within: poolVariances(jobValues(window.jobs, value).map(({ values }) => varianceOf(values))),
    ofJobMeans: varianceOf(means),
    inverseTrials: mean(present.map(({ values }) => 1 / values.length)),
  }
}

/**
 * How far the mean of `trials` new trials of an unchanged server may lie from the window's level: random effects, with
 * the variance between jobs taken from the spread of their means. Where no job has two trials, the two kinds of noise
 * cannot be told apart and all of it counts as between jobs.
 *
 * @returns null when there are too few jobs, or no noise at all: then there is no boundary to compute
 * @see Searle, Casella and McCulloch (1992), "Variance Components", section 3.5
 */
export function predictiveError(noise: CellNoise, trials: number): Omit<Effect, 'estimate'> | null {
  if (noise.jobs < fewestJobs || trials < 1) return null
  const between = betweenJobs(noise)
  const variance = levelVariance(noise) + withinJobs(noise) / trials
  return variance > leastVariance
    ? {
        standardError: Math.sqrt(variance),
        degrees: noise.ofJobMeans.degrees + (between > 0 ? 0 : noise.within.degrees),
      }
    : null
}

/** How far the true mean of one more job may lie from the window's level: a variance. */
export function levelVariance(noise: CellNoise): number {
  return betweenJobs(noise) * (1 + 1 / noise.jobs) + (withinJobs(noise) * noise.inverseTrials) / noise.jobs
}

function betweenJobs(noise: CellNoise): number {
  return Math.max(0, noise.ofJobMeans.value - withinJobs(noise) * noise.inverseTrials)
}

/** 0 where no job has two trials, so that all noise counts as between jobs. */
function withinJobs({ within }: CellNoise): number {
  return within.degrees > 0 ? within.value : 0
}

/** A spread of a millionth is no noise of a real server: the same numbers were stored again. */
export const leastVariance = 1e-12

/** What the window says of the variance of a pair's difference: two trials of one job. */
export function pairPrior(noise: CellNoise | undefined): Variance {
  if (!noise || !(noise.within.value > 0)) return unknownVariance
  return { value: 2 * noise.within.value, degrees: noise.within.degrees }
}
