import { ActionError } from '../errors.ts'
import { cellsOf, keepBest, markShifts, updateBest } from '../judge/index.ts'
import { type BaselineFile, type BaselineJob, type BaselineWindow, windowJobs } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { RunnerClass } from '../model/runner-class.ts'
import { isAmong, type Scenario } from '../model/scenario.ts'
import { onlyScenarios } from './only-scenarios.ts'
import { assertBaseline } from './parse.ts'
import { windowFor } from './window.ts'
import { windowKey } from './window-key.ts'

export interface Append {
  readonly runnerClass: RunnerClass
  /** The whole matrix as it is defined now, or all that a shard has of it. */
  readonly scenarios: readonly Scenario[]
  readonly job: BaselineJob
  /** Says which change of level matters, and whose shard the window is. */
  readonly policy: GatePolicy
  readonly toolVersion: string
  readonly now: Date
}

/**
 * The file with one more job in the window of its runner class, or of its shard there; other windows stay as they are.
 *
 * - The window keeps the newest {@link windowJobs} jobs, by time and not by the order in which they were written. The
 *   newest calibration stays besides, however old it is: its trials of one job are what tells noise within a job from
 *   drift.
 * - A scenario whose definition changed starts again: older jobs lose its metrics, since they describe other work.
 *   So do scenarios that left the matrix, and trials and jobs that are empty afterwards.
 * - A change of level that the jobs now prove is marked where it began, and the best sustained levels are brought up to
 *   date: see {@link markShifts} and {@link updateBest}.
 * - A job that is there already (same commit and run) leaves the file untouched. So after a lost race, or a lost
 *   answer, append is simply run again on the file as it is then.
 *
 * @param file - Null when there is no baseline yet.
 * @throws ActionError `invalid` when the job does not hold what the window promises.
 */
export function appendJob(file: BaselineFile | null, append: Append): BaselineFile {
  const { runnerClass, job, policy, toolVersion, now } = append
  const owner = { runnerClass, shard: policy.shard }
  assertMeasured(append.scenarios, job)
  const window = file ? windowFor(file, owner) : null
  if (file && window?.jobs.some((old) => isSameJob(old, job))) return file
  return assertBaseline({
    schema: 'llm-perf-baseline/1',
    toolVersion,
    quantileMethod: 'harrell-davis',
    updatedAt: now.toISOString(),
    windows: { ...file?.windows, [windowKey(owner)]: grow(window, append) },
  })
}

function grow(window: BaselineWindow | null, { runnerClass, scenarios, job, policy }: Append): BaselineWindow {
  const known = window?.scenarios ?? []
  const same = new Set(scenarios.filter((scenario) => isAmong(scenario, known)).map(({ name }) => name))
  const cells = cellsOf(scenarios, policy)
  const jobs = keepNewest([...onlyScenarios(window?.jobs ?? [], same), job])
  const best = window ? keepBest(window, cells, job.accepted, same) : []
  const own = { runnerClass, ...(policy.shard && { shard: policy.shard }), scenarios, best }
  const marked = { ...own, jobs: markShifts({ ...own, jobs }, cells) }
  return { ...marked, best: updateBest(marked, cells) }
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

function keepNewest(jobs: readonly BaselineJob[]): BaselineJob[] {
  const sorted = [...jobs].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const newest = sorted.slice(-windowJobs)
  const calibration = sorted.findLast(({ kind }) => kind === 'calibration')
  if (!calibration || newest.includes(calibration)) return newest
  return [calibration, ...newest]
}
