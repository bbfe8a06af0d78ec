import { ActionError } from '../errors.ts'
import type { BaselineFile, BaselineJob, BaselineWindow } from '../model/baseline.ts'
import type { RunnerClass } from '../model/runner-class.ts'
import { isSameScenario, type Scenario } from '../model/scenario.ts'
import { assertBaseline } from './parse.ts'
import { windowFor } from './window.ts'

/** Jobs kept in a window, the newest calibration among them. */
export const windowJobs = 8

export interface Append {
  readonly runnerClass: RunnerClass
  /** The whole matrix as it is defined now. */
  readonly scenarios: readonly Scenario[]
  readonly job: BaselineJob
  readonly toolVersion: string
  readonly now: Date
}

/**
 * The file with one more job in the window of its runner class; other windows stay as they are.
 *
 * - The window keeps the newest {@link windowJobs} jobs, by time and not by the order in which they were written. The
 *   newest calibration stays however old it is: its trials of one job are what tells noise within a job from drift.
 * - A scenario whose definition changed starts again: older jobs lose its metrics, since they describe other work.
 *   So do scenarios that left the matrix, and trials and jobs that are empty afterwards.
 * - A job that is there already (same commit and run) leaves the file untouched. So after a lost race, or a lost
 *   answer, append is simply run again on the file as it is then.
 *
 * @param file - Null when there is no baseline yet.
 * @throws ActionError `invalid` when the job does not hold what the window promises.
 */
export function appendJob(file: BaselineFile | null, append: Append): BaselineFile {
  const { runnerClass, scenarios, job, toolVersion, now } = append
  assertMeasured(scenarios, job)
  const window = file ? windowFor(file, runnerClass) : null
  if (file && window?.jobs.some((old) => isSameJob(old, job))) return file
  const older = window ? comparableJobs(window, scenarios) : []
  const jobs = keepNewest([...older, job])
  return assertBaseline({
    schema: 'llm-perf-baseline/1',
    toolVersion,
    quantileMethod: 'harrell-davis',
    updatedAt: now.toISOString(),
    windows: { ...file?.windows, [runnerClass.id]: { runnerClass, scenarios, jobs } },
  })
}

/** Without a run URL (at a terminal) two jobs of one commit are two measurements, told apart by their time. */
function isSameJob(a: BaselineJob, b: BaselineJob): boolean {
  return a.commit === b.commit && a.runUrl === b.runUrl && (a.runUrl !== null || a.at === b.at)
}

function assertMeasured(scenarios: readonly Scenario[], job: BaselineJob): void {
  const missing = scenarios.filter(({ name }) => !job.trials.some((trial) => Object.hasOwn(trial.scenarios, name)))
  if (missing.length === 0) return
  throw new ActionError(
    'invalid',
    `The job cannot enter the baseline: no trial measured ${missing.map(({ name }) => name).join(', ')}.`,
    'Look into the findings of the run; a baseline takes a job only when every scenario of the matrix was measured.',
  )
}

function comparableJobs(window: BaselineWindow, scenarios: readonly Scenario[]): BaselineJob[] {
  const same = new Set(
    window.scenarios.filter((old) => scenarios.some((now) => isSameScenario(old, now))).map(({ name }) => name),
  )
  return window.jobs
    .map((job) => ({
      ...job,
      trials: job.trials
        .map((trial) => ({
          ...trial,
          scenarios: Object.fromEntries(Object.entries(trial.scenarios).filter(([name]) => same.has(name))),
        }))
        .filter((trial) => Object.keys(trial.scenarios).length > 0),
    }))
    .filter((job) => job.trials.length > 0)
}

function keepNewest(jobs: readonly BaselineJob[]): BaselineJob[] {
  const sorted = [...jobs].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const newest = sorted.slice(-windowJobs)
  const calibration = sorted.findLast(({ kind }) => kind === 'calibration')
  if (!calibration || newest.includes(calibration)) return newest
  return [calibration, ...newest.slice(1)]
}
