import { appendJob, parseBaselineAt, serialiseBaseline, windowFor } from '../baseline/index.ts'
import { ActionError } from '../errors.ts'
import { creepNotes, restartNotes } from '../judge/index.ts'
import { acceptanceOfPush, ofScenarios } from '../measure/acceptance.ts'
import { measureBaselineJob } from '../measure/baseline-job.ts'
import { noSide, startTrials } from '../measure/start-trials.ts'
import { acceptedBy, scopeOf } from '../model/accepted.ts'
import type { BaselineJob, BaselineWindow } from '../model/baseline.ts'
import { shardName } from '../model/shard.ts'
import { plural } from '../model/words.ts'
import type { DispatchEvent, PushEvent } from '../plan/index.ts'
import { describeCalibration, renderBaselineSummary } from '../report/index.ts'
import { headCommit } from '../server/index.ts'
import { toolVersion } from '../version.ts'
import type { JobContext } from './context.ts'

export interface BaselineUpdated {
  readonly job: BaselineJob
  /** The commit that holds the new baseline. */
  readonly commit: string
  readonly passes: number
  /** Step summary, markdown. */
  readonly summary: string
}

/**
 * Trials of the default branch, appended to the window by a compare-and-swap commit. Without a window for this runner,
 * or when asked to, it calibrates: several trials of one commit, whose spread is the noise within a job.
 *
 * @throws ActionError `invalid` when a trial is: nothing is then written.
 */
export async function updateBaseline(
  context: JobContext,
  event: PushEvent | DispatchEvent,
  calibrate: boolean,
): Promise<BaselineUpdated> {
  const { log, inputs, github, config, runnerClass } = context
  const path = inputs.baselinePath
  const current = parseBaselineAt(path, await github.readFile(path, event.branch))
  const known = current && windowFor(current, { runnerClass, shard: config.gate.shard })
  const kind = calibrate || known === null ? 'calibration' : 'push'
  const trials = kind === 'calibration' ? config.gate.calibrationTrials : config.gate.trials
  log.info(`Measuring ${plural(trials, 'trial')} for the baseline (${kind}).`)
  const measured = await measureJob(context, event, kind, trials)
  const { window, commit } = await log.group('Update the baseline', () => commitJob(context, event, measured.job))
  const levelNotes = [...creepNotes(window, config.load.scenarios, config.gate), ...restartNotes(window, config.gate)]
  for (const note of levelNotes) log.info(note)
  const { job, passes } = measured
  const summary = renderBaselineSummary({
    window,
    job,
    path,
    branch: event.branch,
    commit,
    minutes: (performance.now() - context.startedMs) / 60_000,
    passes,
    notes: [...measured.notes, ...levelNotes],
    toolVersion,
    runUrl: event.runUrl,
  })
  return { job, commit, passes, summary }
}

/** Appends the job to the baseline as the branch has it by then, and reads back the window that came of it. */
async function commitJob(
  { log, inputs, github, config, runnerClass }: JobContext,
  { branch, sha }: PushEvent | DispatchEvent,
  job: BaselineJob,
): Promise<{ readonly window: BaselineWindow; readonly commit: string }> {
  const path = inputs.baselinePath
  const { shard } = config.gate
  const ofShard = shard ? `, shard ${shardName(shard)}` : ''
  const entry = { runnerClass, scenarios: config.load.scenarios, job, policy: config.gate, toolVersion }
  const { commit, attempts } = await github.updateFile({
    branch,
    path,
    message: `llm-perf: baseline of ${sha.slice(0, 12)}${ofShard} [skip ci]`,
    writers: shard?.count ?? 1,
    update: (text) => serialiseBaseline(appendJob(parseBaselineAt(path, text), { ...entry, now: new Date() })),
  })
  log.info(`Baseline committed as ${commit.slice(0, 12)}, attempt ${attempts}.`)
  const updated = parseBaselineAt(path, await github.readFile(path, branch))
  const window = updated && windowFor(updated, { runnerClass, shard })
  if (window !== null) return { window, commit }
  throw new ActionError(
    'invalid',
    `The baseline ${path} was committed as ${commit}, but ${branch} no longer has it.`,
    'Somebody removed it at the same moment. Run this job again.',
  )
}

async function measureJob(
  context: JobContext,
  event: PushEvent | DispatchEvent,
  kind: BaselineJob['kind'],
  trials: number,
): Promise<{ job: BaselineJob; passes: number; notes: readonly string[] }> {
  const { config, log, session, out, runnerClass } = context
  const commit = await headCommit(event.workspace, session.signal)
  const run = startTrials({
    // One side alone: there is nothing to compare its outputs with.
    load: { ...config.load, compareOutputs: false },
    session,
    runnerClass,
    out,
    policy: config.gate,
    window: null,
    notes: [],
    locate: {
      head: async () => ({ side: 'head', commit, root: event.workspace, server: config.server }),
      base: noSide,
    },
    log,
  })
  const { runUrl } = event
  const { accepted, problems } = await acceptanceOf(event, context)
  const job = await log.group('Measure', () => measureBaselineJob(run, { commit, kind, runUrl, accepted }, trials))
  const notes = [
    ...accepted.map((one) => `Accepted with this push: ${scopeOf(one)}, by ${acceptedBy(one)}`),
    ...problems,
    ...(run.calibration ? [`Load client: ${describeCalibration(run.calibration)}`] : []),
  ]
  return { job, passes: run.cost.total().passes, notes }
}

/** What the pushed commits accept; a run that was started by hand brings no commit. */
async function acceptanceOf(event: PushEvent | DispatchEvent, { config, matrix, session, log }: JobContext) {
  if (event.kind !== 'push') return { accepted: [], problems: [] }
  const { before, workspace: repository } = event
  const pushed = { repository, before, scenarios: matrix, signal: session.signal, log }
  return ofScenarios(await acceptanceOfPush(pushed), config.load.scenarios)
}
