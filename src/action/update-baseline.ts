import { appendJob, parseBaselineAt, serialiseBaseline, windowFor } from '../baseline/index.ts'
import { ActionError } from '../errors.ts'
import { creepNotes, restartNotes } from '../judge/index.ts'
import { acceptanceOfPush } from '../measure/acceptance.ts'
import { measureBaselineJob } from '../measure/baseline-job.ts'
import { noSide, startTrials } from '../measure/start-trials.ts'
import { scopeOf } from '../model/accepted.ts'
import type { BaselineJob } from '../model/baseline.ts'
import type { DispatchEvent, PushEvent } from '../plan/index.ts'
import { type BaselineSummary, describeCalibration, renderBaselineSummary } from '../report/index.ts'
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
  const { log, inputs, github } = context
  const path = inputs.baselinePath
  const current = parseBaselineAt(path, await github.readFile(path, event.branch))
  const known = current && windowFor(current, context.runnerClass)
  const kind = calibrate || known === null ? 'calibration' : 'push'
  const trials = kind === 'calibration' ? context.config.gate.calibrationTrials : context.config.gate.trials
  log.info(`Measuring ${trials} trials for the baseline (${kind}).`)
  const { job, passes, notes } = await measureJob(context, event, kind, trials)
  const { runnerClass } = context
  const { scenarios } = context.config.load
  const policy = context.config.gate
  const written = await log.group('Update the baseline', () =>
    github.updateFile({
      branch: event.branch,
      path: inputs.baselinePath,
      message: `llm-perf: baseline of ${event.sha.slice(0, 12)} [skip ci]`,
      update: (text) =>
        serialiseBaseline(
          appendJob(parseBaselineAt(path, text), {
            runnerClass,
            scenarios,
            job,
            policy,
            toolVersion,
            now: new Date(),
          }),
        ),
    }),
  )
  log.info(`Baseline committed as ${written.commit.slice(0, 12)}, attempt ${written.attempts}.`)
  const updated = parseBaselineAt(path, await github.readFile(path, event.branch))
  const window = updated && windowFor(updated, runnerClass)
  if (window === null) {
    throw new ActionError(
      'invalid',
      `The baseline ${inputs.baselinePath} was committed as ${written.commit}, but ${event.branch} no longer has it.`,
      'Somebody removed it at the same moment. Run this job again.',
    )
  }
  const levelNotes = [...creepNotes(window, scenarios, policy), ...restartNotes(window, policy)]
  for (const note of levelNotes) log.info(note)
  const minutes = (performance.now() - context.startedMs) / 60_000
  const { runUrl } = event
  const { commit } = written
  const summary: BaselineSummary = {
    window,
    job,
    path,
    branch: event.branch,
    commit,
    minutes,
    passes,
    notes: [...notes, ...levelNotes],
    toolVersion,
    runUrl,
  }
  return { job, commit, passes, summary: renderBaselineSummary(summary) }
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
    ...accepted.map((one) => `Accepted with this push: ${scopeOf(one)} (${one.source}): ${one.reason}`),
    ...problems,
    ...(run.calibration ? [`Load client: ${describeCalibration(run.calibration)}`] : []),
  ]
  return { job, passes: run.cost.total().passes, notes }
}

/** What the pushed commits accept; a run that was started by hand brings no commit. */
async function acceptanceOf(event: PushEvent | DispatchEvent, { config, session, log }: JobContext) {
  if (event.kind !== 'push') return { accepted: [], problems: [] }
  const { before, workspace: repository } = event
  return await acceptanceOfPush({ repository, before, scenarios: config.load.scenarios, signal: session.signal, log })
}
