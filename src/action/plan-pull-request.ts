import { join } from 'node:path'
import { ActionError } from '../errors.ts'
import { type DesignPlan, planDesign } from '../judge/index.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import { isSameScenario, type Scenario } from '../model/scenario.ts'
import {
  guardMatrix,
  guardPolicy,
  type Inputs,
  type PullRequestEvent,
  parseConfig,
  type WorkflowChange,
} from '../plan/index.ts'
import { readOrNull } from '../read-or-null.ts'
import { findMergeBase, headCommit } from '../server/index.ts'
import { windowOfThisRunner } from './baseline.ts'
import type { JobContext } from './context.ts'

/** What a pull request is held to, and what is compared. */
export interface PullRequestPlan {
  readonly policy: GatePolicy
  readonly notes: readonly string[]
  readonly window: BaselineWindow | null
  readonly baseCommit: string
  readonly headCommit: string
  readonly design: DesignPlan
}

/**
 * Policy, matrix and baseline are the base branch's, read through the API: nothing in the pull request's work tree
 * can loosen its own gate.
 */
export async function planPullRequest(context: JobContext, event: PullRequestEvent): Promise<PullRequestPlan> {
  const { github, inputs, config, session, runnerClass, log } = context
  const { signal } = session
  const configText = await github.readFile(inputs.configPath, event.baseRef)
  const { policy, notes } = guardPolicy({
    fileName: inputs.configPath,
    baseText: configText,
    headText: context.configText,
    overrides: inputs.overrides,
    workflow: await workflowChange(event, (path) => github.readFile(path, event.baseRef)),
  })
  const { scenarios } = config.load
  const expected = scenariosOf(configText, inputs)
  guardMatrix(expected ?? [], scenarios)
  const baselineText = await github.readFile(inputs.baselinePath, event.baseRef)
  const known = windowOfThisRunner(baselineText, inputs.baselinePath, runnerClass)
  const window = known && expected ? withoutStale(known, expected) : known
  const baseCommit = await findMergeBase({ repository: event.workspace, baseRef: event.baseRef, signal })
  const head = await headCommit(event.workspace, signal)
  const design = planDesign({ window, scenarios, policy })
  log.info(`Base ${baseCommit.slice(0, 12)} (merge-base with ${event.baseRef}), head ${head.slice(0, 12)}.`)
  log.info(design.text)
  return { policy, notes, window, baseCommit, headCommit: head, design }
}

/** An unknown workflow file counts as edited: what cannot be checked must not be trusted. */
async function workflowChange(
  { workflowPath, workspace }: PullRequestEvent,
  readBase: (path: string) => Promise<string | null>,
): Promise<WorkflowChange> {
  if (workflowPath === null) return 'edited'
  const base = await readBase(workflowPath)
  if (base === null || !base.includes('llm-perf')) return 'new'
  return readOrNull(join(workspace, workflowPath)) === base ? 'unchanged' : 'edited'
}

/** The base branch's matrix; null when it has none, or one that this pull request may be here to repair. */
function scenariosOf(text: string | null, { configPath, overrides }: Inputs): readonly Scenario[] | null {
  if (text === null) return null
  try {
    return parseConfig(text, configPath, overrides).load.scenarios
  } catch (error) {
    if (error instanceof ActionError) return null
    throw error
  }
}

/** A matrix that was just changed on the base branch is measured by the push that is still under way: forget the old. */
function withoutStale(window: BaselineWindow, expected: readonly Scenario[]): BaselineWindow | null {
  const scenarios = window.scenarios.filter((old) => expected.some((now) => isSameScenario(old, now)))
  return scenarios.length === 0 ? null : { ...window, scenarios }
}
