import { onlyScenarios, windowOfRunner } from '../baseline/index.ts'
import { ActionError } from '../errors.ts'
import { type DesignPlan, planDesign } from '../judge/index.ts'
import { acceptanceOfChange } from '../measure/acceptance.ts'
import type { AcceptedSlowdown } from '../model/accepted.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import { isAmong, type Scenario } from '../model/scenario.ts'
import {
  guardMatrix,
  guardPolicy,
  type Inputs,
  type PullRequestEvent,
  parseConfig,
  promptFilesOf,
  type WorkflowChange,
} from '../plan/index.ts'
import { changedFiles, findMergeBase, headCommit } from '../server/index.ts'
import type { JobContext } from './context.ts'

/** What a pull request is held to, and what is compared. */
export interface PullRequestPlan {
  readonly policy: GatePolicy
  readonly notes: readonly string[]
  readonly window: BaselineWindow | null
  readonly baseCommit: string
  readonly headCommit: string
  /** Slowdowns that this pull request's commits and labels take on purpose. */
  readonly accepted: readonly AcceptedSlowdown[]
  readonly design: DesignPlan
}

/**
 * Policy, matrix and baseline are the base branch's, read through the API: nothing in the pull request's work tree
 * can loosen its own gate.
 */
export async function planPullRequest(context: JobContext, event: PullRequestEvent): Promise<PullRequestPlan> {
  const { github, inputs, config, session, runnerClass, log } = context
  const { configPath, baselinePath, overrides } = inputs
  const { signal } = session
  const readBase = (path: string) => github.readFile(path, event.baseRef)
  const baseCommit = await findMergeBase({ repository: event.workspace, baseRef: event.baseRef, signal })
  const paths = [baselinePath, ...(event.workflowPath === null ? [] : [event.workflowPath])]
  const edited = await changedFiles({ repository: event.workspace, base: baseCommit, paths, signal })

  const baseText = await readBase(configPath)
  const workflow = await workflowChange(event, edited, readBase)
  const headText = context.configText
  const { policy, notes } = guardPolicy({ fileName: configPath, baseText, headText, overrides, workflow })
  const { scenarios } = config.load
  const expected = await scenariosOf(baseText, inputs, readBase)
  guardMatrix(expected ?? [], scenarios)

  const known = windowOfRunner(await readBase(baselinePath), baselinePath, runnerClass, otherRunnerHint)
  const window = known && expected ? withoutStale(known, expected) : known
  const head = await headCommit(event.workspace, signal)
  const design = planDesign({ window, scenarios, policy })
  log.info(`Base ${baseCommit.slice(0, 12)} (merge-base with ${event.baseRef}), head ${head.slice(0, 12)}.`)
  const { labels, isFork, workspace: repository } = event
  const acceptance = { repository, base: baseCommit, labels, isFork, scenarios, signal, log }
  const { accepted, problems } = await acceptanceOfChange(acceptance)
  const allNotes = [...problems, ...notes, ...(edited.has(baselinePath) ? [editedBaselineNote(baselinePath)] : [])]
  return { policy, notes: allNotes, window, baseCommit, headCommit: head, accepted, design }
}

const otherRunnerHint =
  'Run the job on the machine that made the baseline (labels under runs-on), or calibrate this one: start the workflow ' +
  'by hand on the default branch with mode `calibrate`, or merge; both add a window for this machine.'

function editedBaselineNote(path: string): string {
  return `This pull request edits the baseline ${path}; the base branch's baseline applies.`
}

/** An unknown workflow file counts as edited: what cannot be checked must not be trusted. */
async function workflowChange(
  { workflowPath }: PullRequestEvent,
  edited: ReadonlySet<string>,
  readBase: (path: string) => Promise<string | null>,
): Promise<WorkflowChange> {
  if (workflowPath === null) return 'edited'
  if (!edited.has(workflowPath)) return 'unchanged'
  const base = await readBase(workflowPath)
  return base?.includes('llm-perf') ? 'edited' : 'new'
}

/** The base branch's matrix; null when it has none, or one that this pull request may be here to repair. */
async function scenariosOf(
  text: string | null,
  { configPath, overrides }: Inputs,
  readBase: (path: string) => Promise<string | null>,
): Promise<readonly Scenario[] | null> {
  if (text === null) return null
  // The base branch's own prompts: others under the same name would be other work.
  const texts = new Map<string, string | null>()
  for (const file of promptFilesOf(text, configPath, overrides)) texts.set(file, await readBase(file))
  try {
    return parseConfig(text, configPath, overrides, (file) => texts.get(file) ?? null).load.scenarios
  } catch (error) {
    if (error instanceof ActionError) return null
    throw error
  }
}

/** A matrix that was just changed on the base branch is measured by the push that is still under way: forget the old. */
function withoutStale(window: BaselineWindow, expected: readonly Scenario[]): BaselineWindow | null {
  const scenarios = window.scenarios.filter((old) => isAmong(old, expected))
  if (scenarios.length === window.scenarios.length) return window
  const names = new Set(scenarios.map(({ name }) => name))
  const jobs = onlyScenarios(window.jobs, names)
  // What all scenarios together once reached holds for those scenarios only.
  const best = window.best.filter(({ scenario }) => scenario !== null && names.has(scenario))
  return jobs.length === 0 ? null : { ...window, scenarios, jobs, best }
}
