import { readFileSync } from 'node:fs'
import { setFailed } from '@actions/core'
import type { PublishTarget } from './action/check.ts'
import { gatherContext, type JobContext } from './action/context.ts'
import { describePlan } from './action/describe-plan.ts'
import { judgePullRequest } from './action/judge-pull-request.ts'
import { actionLog } from './action/log.ts'
import { mergeShards } from './action/merge-shards.ts'
import { publishBaseline, publishFailure, publishPlan, publishReport, publishVerdict } from './action/publish.ts'
import { updateBaseline } from './action/update-baseline.ts'
import { abortOnSignal } from './cancel.ts'
import { ActionError, messageOf } from './errors.ts'
import { exitCodeOf } from './exit-codes.ts'
import { connectGitHub } from './github/index.ts'
import type { Log } from './log.ts'
import type { Conclusion } from './model/verdict.ts'
import { choosePurpose, type Inputs, type RunEvent, readEvent, readInputs } from './plan/index.ts'
import { toolVersion } from './version.ts'

/** The main step of the action; the post step is src/post.ts. */
export async function run(): Promise<void> {
  const startedMs = performance.now()
  const log = actionLog()
  log.info(`llm-perf-action ${toolVersion}`)
  const cancel = abortOnSignal()
  let known: Known = {}
  try {
    const inputs = readInputs(process.env)
    known = { inputs }
    const event = readEvent(process.env, (path) => readFileSync(path, 'utf8'))
    known = { inputs, event }
    const purpose = choosePurpose(inputs.mode, event)
    const context = await gatherContext({ inputs, event, signal: cancel.signal, startedMs, log })
    await closing(context, async () => {
      if (purpose.kind === 'plan') await publishPlan(context, await describePlan(context, event))
      else if (event.kind !== 'pull-request') await update(context, event, purpose.kind === 'calibrate')
      else if (purpose.kind === 'merge') await merge(context, event)
      else await judge(context, event)
    })
  } catch (error) {
    await fail(cancel.signal.aborted ? cancel.signal.reason : error, known, log)
  } finally {
    cancel.dispose()
  }
}

interface Known {
  readonly inputs?: Inputs
  readonly event?: RunEvent
}

async function judge(context: JobContext, event: RunEvent & { kind: 'pull-request' }): Promise<void> {
  const judged = await judgePullRequest(context, event)
  endWith(await publishVerdict(context, event, judged, targetOf(context.inputs, event, context.log)))
}

async function merge(context: JobContext, event: RunEvent & { kind: 'pull-request' }): Promise<void> {
  endWith(await publishReport(await mergeShards(context, event), targetOf(context.inputs, event, context.log)))
}

/** The annotation has said why; an inconclusive run is not red, since nothing was found. */
function endWith(conclusion: Conclusion): void {
  if (conclusion === 'regressed' || conclusion === 'invalid') process.exitCode = 1
}

async function update(
  context: JobContext,
  event: Exclude<RunEvent, { kind: 'pull-request' }>,
  calibrate: boolean,
): Promise<void> {
  await publishBaseline(context, await updateBaseline(context, event, calibrate))
}

/** Whatever becomes of the body, nothing of ours is left on the machine. */
async function closing(context: JobContext, body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } finally {
    for (const sentence of await context.session.close()) context.log.warning(sentence)
  }
}

/** Every end but a verdict: expected failures with message and hint, all else with its stack. Always red. */
async function fail(thrown: unknown, { inputs, event }: Known, log: Log): Promise<void> {
  const expected = thrown instanceof ActionError
  const failure = expected
    ? { code: thrown.code, message: thrown.message, hint: thrown.hint }
    : {
        code: 'invalid' as const,
        message: `Unexpected: ${messageOf(thrown)}`,
        hint: 'This is a defect of the action. Please report it with the log of this step.',
      }
  if (!expected && thrown instanceof Error) log.info(thrown.stack ?? '')
  setFailed(`${failure.message}\n${failure.hint}`)
  if (exitCodeOf(thrown) === 130) process.exitCode = 130
  if (inputs === undefined || event === undefined) return
  const headCommit = event.kind === 'pull-request' ? event.headSha : event.sha
  const { gateName: gate, shard } = inputs
  const context = { gate, shard, toolVersion, runUrl: event.runUrl, headCommit, reproduce: null }
  await publishFailure(failure, context, failure.code === 'cancelled' ? null : targetOf(inputs, event, log), log)
}

/** A fork's token may write nothing; what shards came to, their merge writes. */
function targetOf({ token, comment, check, shard }: Inputs, event: RunEvent, log: Log): PublishTarget | null {
  if (event.kind !== 'pull-request' || event.isFork || shard !== null) return null
  const github = connectGitHub(token, `${event.owner}/${event.repo}`, { log: log.info })
  return { github, event, comment, check }
}
