import { isDeepStrictEqual } from 'node:util'
import { ActionError } from '../errors.ts'
import type { GatePolicy } from '../model/policy.ts'
import { parsePolicy } from './config-file.ts'
import { type ConfigOverrides, policyOverrides } from './overrides.ts'

/**
 * What the pull request does to the workflow file, and so may do to the inputs: `new` while the base branch's workflow
 * does not use this action yet, `edited` also when it cannot be told.
 */
export type WorkflowChange = 'unchanged' | 'edited' | 'new'

export interface PolicySources {
  /** As a person knows the configuration file. */
  readonly fileName: string
  /** The file on the base branch; null: it has none. */
  readonly baseText: string | null
  /** The file of the pull request; null: it has none. */
  readonly headText: string | null
  readonly overrides: ConfigOverrides
  readonly workflow: WorkflowChange
}

export interface GuardedPolicy {
  readonly policy: GatePolicy
  /** For the reader of the report. */
  readonly notes: readonly string[]
}

/**
 * The policy that a pull request is held to: the base branch's, so that no pull request can loosen the gate that judges
 * it. Only while the base branch has no file is the pull request's own taken, and the report says so.
 *
 * @throws ActionError `invalid` when it cannot be told what the base branch demands; `usage` when the pull request's own
 *   policy counts and is malformed
 */
export function guardPolicy(sources: PolicySources): GuardedPolicy {
  const { fileName, baseText, headText, overrides, workflow } = sources
  const inputs = policyOverrides(overrides)
  if (workflow === 'edited' && inputs.length > 0) throw ownPolicy(fileName, inputs)
  if (baseText === null) {
    if (workflow === 'edited' && headText !== null) throw movedPolicy(fileName)
    return { policy: parsePolicy(headText, fileName, inputs), notes: [firstPolicyNote(fileName, workflow)] }
  }
  const policy = parseBasePolicy(baseText, fileName, inputs)
  return { policy, notes: editNotes(baseText, headText, fileName) }
}

function parseBasePolicy(text: string, fileName: string, inputs: ConfigOverrides): GatePolicy {
  try {
    return parsePolicy(text, fileName, inputs)
  } catch (error) {
    if (!(error instanceof ActionError)) throw error
    throw new ActionError(
      'invalid',
      `The gate's policy cannot be read from the base branch, so nothing can be judged. ${error.message}`,
      `Correct ${fileName} on the base branch first, in a pull request of its own.`,
      { cause: error },
    )
  }
}

function editNotes(baseText: string, headText: string | null, fileName: string): readonly string[] {
  if (headText === null) return [`This pull request has no ${fileName}; the base branch's policy applies.`]
  // Without inputs on either side: they are the same for both, and would hide what the file changes.
  const isEdited = !isDeepStrictEqual(policyOrNull(baseText, fileName), policyOrNull(headText, fileName))
  return isEdited ? [`This pull request edits the gate's policy in ${fileName}; the base branch's policy applies.`] : []
}

/** Null when the text is no policy: different from every policy, so that an edit that breaks the file is told too. */
function policyOrNull(text: string, fileName: string): GatePolicy | null {
  try {
    return parsePolicy(text, fileName)
  } catch (error) {
    if (error instanceof ActionError) return null
    throw error
  }
}

function firstPolicyNote(fileName: string, workflow: WorkflowChange): string {
  if (workflow === 'unchanged') {
    return `The base branch has no ${fileName} yet, so the gate's policy is this pull request's own.`
  }
  return `The base branch has no gate yet, so its policy is this pull request's own.`
}

function movedPolicy(fileName: string): ActionError {
  return new ActionError(
    'invalid',
    `The base branch has a gate but no ${fileName}, and this pull request edits the workflow and brings that file: it would be judged by a policy of its own making.`,
    `Bring ${fileName} to the base branch first, in a pull request that leaves the workflow as it is.`,
  )
}

function ownPolicy(fileName: string, inputs: ConfigOverrides): ActionError {
  const names = inputs.map((input) => input.source).join(', ')
  return new ActionError(
    'invalid',
    `This pull request edits the workflow file, which also sets the gate's policy (${names}): it would be judged by what it may have changed.`,
    `Move the policy into the gate section of ${fileName}, where the base branch's counts; or change the workflow in a pull request of its own.`,
  )
}
