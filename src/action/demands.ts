import { ActionError } from '../errors.ts'
import { acceptanceOfChange } from '../measure/acceptance.ts'
import type { AcceptedSlowdown } from '../model/accepted.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { Scenario } from '../model/scenario.ts'
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

/** What a pull request is held to, whichever machine measures it. */
export interface Demands {
  /** Of the whole matrix. */
  readonly policy: GatePolicy
  /** The whole matrix of the base branch; null when it has none, or one that this pull request may be here to repair. */
  readonly expected: readonly Scenario[] | null
  readonly baseCommit: string
  readonly headCommit: string
  /** Slowdowns that this pull request's commits and labels take on purpose. */
  readonly accepted: readonly AcceptedSlowdown[]
  readonly notes: readonly string[]
}

/**
 * Policy and matrix are the base branch's, read through the API: nothing in the pull request's work tree can loosen its
 * own gate.
 *
 * @throws ActionError when it cannot be told what the base branch demands, or the pull request leaves scenarios out
 */
export async function readDemands(context: JobContext, event: PullRequestEvent): Promise<Demands> {
  const { github, inputs, matrix, session, log } = context
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
  const expected = await scenariosOf(baseText, inputs, readBase)
  guardMatrix(expected ?? [], matrix)

  const head = await headCommit(event.workspace, signal)
  log.info(`Base ${baseCommit.slice(0, 12)} (merge-base with ${event.baseRef}), head ${head.slice(0, 12)}.`)
  const { labels, isFork, workspace: repository } = event
  const acceptance = { repository, base: baseCommit, labels, isFork, scenarios: matrix, signal, log }
  const { accepted, problems } = await acceptanceOfChange(acceptance)
  const allNotes = [...problems, ...notes, ...(edited.has(baselinePath) ? [editedBaselineNote(baselinePath)] : [])]
  return { policy, expected, baseCommit, headCommit: head, accepted, notes: allNotes }
}

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
