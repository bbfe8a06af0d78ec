import { windowOfRunner, windowWithin } from '../baseline/index.ts'
import { type DesignPlan, planDesign } from '../judge/index.ts'
import { ofScenarios } from '../measure/acceptance.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { Scenario } from '../model/scenario.ts'
import { type Shard, shardName } from '../model/shard.ts'
import { type PullRequestEvent, policyOfShard } from '../plan/index.ts'
import { mergeJudges } from '../report/index.ts'
import type { JobContext } from './context.ts'
import { type Demands, readDemands } from './demands.ts'

/** What a pull request is held to, and what is compared on this machine. */
export interface PullRequestPlan extends Omit<Demands, 'expected'> {
  readonly window: BaselineWindow | null
  readonly design: DesignPlan
}

/** What the base branch demands, with its baseline of this machine and the design that comes of both. */
export async function planPullRequest(context: JobContext, event: PullRequestEvent): Promise<PullRequestPlan> {
  const { github, inputs, config, runnerClass } = context
  const { baselinePath, shard } = inputs
  const { scenarios } = config.load
  const { expected, ...demands } = await readDemands(context, event)
  const policy = policyOfShard(demands.policy, shard)
  const { accepted } = ofScenarios(demands, scenarios)
  const text = await github.readFile(baselinePath, event.baseRef)
  const owner = { runnerClass, shard: policy.shard }
  const known = windowOfRunner(text, baselinePath, owner, otherRunnerHint)
  const window = known && ownWindow(known, expected, shard === null ? null : scenarios)
  const design = planDesign({ window, scenarios, policy })
  const notes = [...demands.notes, ...(shard ? [shardNote(shard)] : [])]
  return { ...demands, policy, accepted, notes, window, design }
}

function shardNote(shard: Shard): string {
  return `This is shard ${shardName(shard)} of the matrix, and "all scenarios" are all of its scenarios. ${mergeJudges}`
}

const otherRunnerHint =
  'Run the job on the machine that made the baseline (labels under runs-on), or calibrate this one: start the workflow ' +
  'by hand on the default branch with mode `calibrate`, or merge; both add a window for this machine.'

/**
 * The window without what nobody expects any more: a matrix that was just changed on the base branch is measured by the
 * push that is still under way. A shard also forgets what another shard measures now, since a scenario that is added in
 * the middle of the matrix moves others on; that none of them gets lost is told of the whole matrix.
 */
function ownWindow(
  window: BaselineWindow,
  expected: readonly Scenario[] | null,
  ofShard: readonly Scenario[] | null,
): BaselineWindow | null {
  const current = expected ? windowWithin(window, expected) : window
  return current && ofShard ? windowWithin(current, ofShard) : current
}
