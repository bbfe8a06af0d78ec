import { type GatedMetric, isGated, type Metric } from '../metrics/index.ts'
import { type BaselineJob, type BaselineWindow, windowJobs } from '../model/baseline.ts'
import { percent } from './wording.ts'

/** What a level belongs to: a metric over these scenarios. */
export interface Quantity {
  readonly metric: Metric
  readonly members: readonly string[]
}

/**
 * The jobs that tell where a quantity stands today: the newest of the window, from its last change of level on. An
 * older calibration, and jobs before that change, only tell the noise within a job: as a level they would be wrong, and
 * the jump would pass for noise between jobs.
 *
 * A change of any member is one of the mean over them. So one scenario that changed restarts "all scenarios together"
 * too, and how scenarios stand to each other.
 */
export function levelJobs(window: BaselineWindow, quantity: Quantity): readonly BaselineJob[] {
  const recent = window.jobs.slice(-windowJobs)
  const start = recent.findLastIndex((job) => changesOf(job, quantity).length > 0)
  return start === -1 ? recent : recent.slice(start)
}

/** A change of level that begins with a job. */
export interface LevelChange {
  readonly scenario: string | null
  readonly metric: GatedMetric | null
  /** In words: `found: 30 % slower`, `accepted: the reason`. */
  readonly why: string
}

/** The changes of level, accepted or found, that begin with this job. */
export function changesIn(job: BaselineJob): LevelChange[] {
  return [
    ...job.accepted.map(({ scenario, metric, reason }) => ({ scenario, metric, why: `accepted: ${reason}` })),
    ...job.shifts.map(({ scenario, metric, by }) => ({ scenario, metric, why: `found: ${direction(by)}` })),
  ]
}

/** Those of them that concern a quantity. */
export function changesOf(job: BaselineJob, quantity: Quantity): LevelChange[] {
  return changesIn(job).filter((change) => concerns(change, quantity))
}

/** True when a change of this scenario and metric (null: of all) moves the quantity. */
export function concerns({ scenario, metric }: Pick<LevelChange, 'scenario' | 'metric'>, quantity: Quantity): boolean {
  const isMember = scenario === null || quantity.members.includes(scenario)
  // Metrics that do not gate follow those that do.
  return isMember && (metric === null || metric === quantity.metric || !isGated(quantity.metric))
}

function direction(by: number): string {
  return `${percent(Math.abs(by), 'unsigned')} ${by > 0 ? 'slower' : 'faster'}`
}
