import { ActionError } from '../errors.ts'
import type { Log } from '../log.ts'
import { acceptedBy, scopeOf } from '../model/accepted.ts'
import type { Scenario } from '../model/scenario.ts'
import { type Acceptance, type PullRequestLabel, readAcceptance } from '../plan/accepted/index.ts'
import { commitsSince, findMergeBase } from '../server/index.ts'

interface Change {
  readonly repository: string
  readonly scenarios: readonly Scenario[]
  readonly signal: AbortSignal
  readonly log: Log
}

export interface ProposedChange extends Change {
  /** The merge-base. */
  readonly base: string
  readonly labels: readonly PullRequestLabel[]
  readonly isFork: boolean
}

export interface PushedChange extends Change {
  /** The branch before the push; null when the push made it. */
  readonly before: string | null
}

/**
 * What a change that is not merged yet accepts: the trailers of its commits, and its labels. In a clone that ends within
 * the change no trailer counts, since an old one could not be told from a new one.
 */
export async function acceptanceOfChange(change: ProposedChange): Promise<Acceptance> {
  const { repository, base, labels, isFork, signal } = change
  const { commits, isWhole } = await commitsSince({ repository, base, signal })
  const all = readAcceptance({ commits, labels, isFork, scenarios: namesOf(change) })
  return tell(isWhole ? all : withoutTrailers(all, change), change.log)
}

function withoutTrailers({ accepted }: Acceptance, change: ProposedChange): Acceptance {
  const ofLabels = readAcceptance({ ...change, commits: [], scenarios: namesOf(change) })
  if (accepted.length === ofLabels.accepted.length) return ofLabels
  return { ...ofLabels, problems: [...ofLabels.problems, cutSentence] }
}

/**
 * What the commits of a push accept, which ends there: the baseline is told, so that its window restarts. Where the clone
 * does not reach back to the branch before the push, the pushed tip alone is read: a squash merge is no more than that.
 */
export async function acceptanceOfPush(change: PushedChange): Promise<Acceptance> {
  const { repository, before, signal } = change
  const base = before === null ? null : await mergeBaseOrNull(repository, before, signal)
  const { commits: all, isWhole } = await commitsSince({ repository, base, signal })
  const commits = isWhole ? all : all.slice(0, 1)
  return tell(readAcceptance({ commits, labels: [], isFork: false, scenarios: namesOf(change) }), change.log)
}

/** What of it can concern these scenarios: a part of the matrix, whose other parts have jobs of their own. */
export function ofScenarios<T extends Pick<Acceptance, 'accepted'>>(acceptance: T, scenarios: readonly Scenario[]): T {
  const names = scenarios.map(({ name }) => name)
  const accepted = acceptance.accepted.filter(({ scenario }) => scenario === null || names.includes(scenario))
  return { ...acceptance, accepted }
}

const cutSentence =
  'The clone ends within this change, so no commit of it can accept a slowdown: set `fetch-depth: 0` in the actions/checkout step.'

function namesOf({ scenarios }: Change): string[] {
  return scenarios.map(({ name }) => name)
}

function tell(acceptance: Acceptance, log: Log): Acceptance {
  for (const accepted of acceptance.accepted) {
    log.info(`Accepted if slower: ${scopeOf(accepted)}, by ${acceptedBy(accepted)}`)
  }
  for (const problem of acceptance.problems) log.warning(problem)
  return acceptance
}

async function mergeBaseOrNull(repository: string, before: string, signal: AbortSignal): Promise<string | null> {
  try {
    return await findMergeBase({ repository, baseRef: before, signal })
  } catch (error) {
    if (error instanceof ActionError && error.code === 'invalid') return null
    throw error
  }
}
