import { mean } from 'simple-statistics'
import type { BaselineJob } from '../model/baseline.ts'
import type { Measured } from './slowness.ts'

/** What one job of the window says of a quantity. */
export interface JobMean {
  readonly job: BaselineJob
  /** Mean over its trials, as slowness. */
  readonly mean: number
}

/** Of each job that measured it, in their order. */
export function jobMeans(jobs: readonly BaselineJob[], value: (trial: Measured) => number | null): JobMean[] {
  return jobs.flatMap((job) => {
    const values = job.trials.map(value).filter((measured) => measured !== null)
    return values.length > 0 ? [{ job, mean: mean(values) }] : []
  })
}
