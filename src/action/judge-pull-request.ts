import { locateBase } from '../measure/base-side.ts'
import type { RunResult } from '../measure/run.ts'
import { startTrials } from '../measure/start-trials.ts'
import type { PullRequestEvent } from '../plan/index.ts'
import type { JobContext } from './context.ts'
import { type PullRequestPlan, planPullRequest } from './plan-pull-request.ts'

/** What a judged pull request came to. */
export interface Judged extends RunResult {
  readonly plan: PullRequestPlan
}

/** Screen and pairs of a pull request, held to the base branch's policy and baseline. */
export async function judgePullRequest(context: JobContext, event: PullRequestEvent): Promise<Judged> {
  const { config, log, session, runnerClass, out, inputs } = context
  const plan = await log.group('Plan', async () => {
    const planned = await planPullRequest(context, event)
    log.info(planned.design.text)
    return planned
  })
  const { policy, window, accepted, notes, baseCommit } = plan
  const { configPath, overrides } = inputs
  const base = { commit: baseCommit, configPath, overrides, headServer: config.server, session, log }
  const run = startTrials({
    load: config.load,
    session,
    runnerClass,
    out,
    policy,
    window,
    accepted,
    notes,
    locate: {
      head: async () => ({ side: 'head', commit: plan.headCommit, root: event.workspace, server: config.server }),
      base: () => locateBase(base),
    },
    log,
  })
  const result = await log.group('Measure', () => run.judge())
  return { ...result, plan }
}
