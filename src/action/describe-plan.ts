import { parseBaselineAt, windowFor } from '../baseline/index.ts'
import { planDesign } from '../judge/index.ts'
import type { RunEvent } from '../plan/index.ts'
import type { JobContext } from './context.ts'
import { planPullRequest } from './plan-pull-request.ts'

/** How a pull request would be judged on this runner, for a person. On a pull request: this very one. */
export async function describePlan(context: JobContext, event: RunEvent): Promise<string> {
  if (event.kind === 'pull-request') return (await planPullRequest(context, event)).design.text
  const { github, inputs, config, runnerClass } = context
  const path = inputs.baselinePath
  const file = parseBaselineAt(path, await github.readFile(path, event.branch))
  const window = file && windowFor(file, { runnerClass, shard: config.gate.shard })
  return planDesign({ window, scenarios: config.load.scenarios, policy: config.gate }).text
}
