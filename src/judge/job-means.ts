import { mean } from 'simple-statistics'
import type { BaselineJob } from '../model/baseline.ts'
import { present } from './pairs.ts'
import type { Measured } from './slowness.ts'

/** What the trials of one job of the window came to, of a quantity as slowness. */
export interface JobValues {
  readonly job: BaselineJob
  /** One for each trial that measured it; at least one. */
  readonly values: readonly number[]
}

/** What one job says of the quantity. */
export interface JobMean {
  readonly job: BaselineJob
  /** Mean over its trials, as slowness. */
  readonly mean: number
}

/** Of each job that measured it, in their order. */
export function jobValues(jobs: readonly BaselineJob[], value: (trial: Measured) => number | null): JobValues[] {
  return jobs.flatMap((job) => {
    const values = present(job.trials.map(value))
    return values.length > 0 ? [{ job, values }] : []
  })
}

/** The same, each job with one voice however many trials it has. */
export function jobMeans(jobs: readonly BaselineJob[], value: (trial: Measured) => number | null): JobMean[] {
  return jobValues(jobs, value).map(({ job, values }) => ({ job, mean: mean(values as number[]) }))
}
