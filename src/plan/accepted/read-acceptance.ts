import type { AcceptedSlowdown, CommitMessage } from '../../model/accepted.ts'
import { acceptLabel, labelMeaning } from './labels.ts'
import { parseScope } from './scope.ts'
import { type AcceptLine, acceptLines, trailerKey } from './trailers.ts'

/** A label that is set on the pull request. */
export interface PullRequestLabel {
  readonly name: string
  /** Login of who set it, where the event that started this run tells. */
  readonly setBy: string | null
}

export interface AcceptanceSources {
  /** Newest first. */
  readonly commits: readonly CommitMessage[]
  readonly labels: readonly PullRequestLabel[]
  /** Commits of a stranger: what they accept does not count, or they would accept their own slowdown. */
  readonly isFork: boolean
  /** Names of the scenarios of this run. */
  readonly scenarios: readonly string[]
}

/** What a team takes on purpose, and what was said in vain: a sentence each, with what is allowed. */
export interface Acceptance {
  readonly accepted: readonly AcceptedSlowdown[]
  readonly problems: readonly string[]
}

const form = `Write "${trailerKey}: <scenario or all> <latency, tokens/s or all>: <reason>" as a trailer of a commit.`
const labelForms = `Allowed: the label "${acceptLabel}", or "${acceptLabel} <scenario> <metric>".`

/** Characters of a reason that are kept. */
const longestReason = 300
const longestQuote = 100

/**
 * The accepted slowdowns of a change, from what its commits and its labels say. Whatever is misspelt or incomplete
 * accepts nothing: a slowdown must not pass for want of a letter.
 */
export function readAcceptance(sources: AcceptanceSources): Acceptance {
  const said = [
    ...sources.commits.flatMap((commit) => acceptLines(commit.message).map((line) => ofTrailer(line, commit, sources))),
    ...sources.labels.flatMap((label) => ofLabel(label, sources)),
  ]
  return {
    accepted: said.flatMap(({ accepted }) => accepted ?? []),
    // The same slip in every commit of a branch is told once.
    problems: [...new Set(said.flatMap(({ problem }) => problem ?? []))],
  }
}

interface Said {
  readonly accepted?: AcceptedSlowdown
  readonly problem?: string
}

function ofTrailer(line: AcceptLine, commit: CommitMessage, { isFork, scenarios }: AcceptanceSources): Said {
  const source = `commit ${commit.sha.slice(0, 12)} by ${plain(commit.author, longestQuote) || 'an unnamed author'}`
  const value = plain(line.value, 10 * longestReason)
  const refuse = (why: string, next = form): Said => ({
    problem: `"${clip(`${line.key}: ${value}`, longestQuote)}" (${source}) accepts nothing: ${why}. ${next}`,
  })
  if (line.kind === 'misspelt') return refuse(`"${line.key}" is not "${trailerKey}"`)
  if (isFork) {
    const next = `Somebody with triage rights may set the label "${acceptLabel}".`
    return refuse('this pull request comes from a fork, where a commit cannot accept', next)
  }
  if (line.kind === 'text') return refuse('it stands in the text, not in a paragraph of trailers below it')
  const colon = value.indexOf(':')
  const reason = colon < 0 ? '' : value.slice(colon + 1).trim()
  const { scope, problems } = parseScope(colon < 0 ? value : value.slice(0, colon).trim(), scenarios)
  const all = reason === '' ? [...problems, 'it gives no reason'] : problems
  if (scope === null || all.length > 0) return refuse(all.join('; '))
  return { accepted: { ...scope, reason: clip(reason, longestReason), source } }
}

function ofLabel({ name, setBy }: PullRequestLabel, { scenarios }: AcceptanceSources): Said[] {
  const meaning = labelMeaning(name)
  if (meaning === null) return []
  const source = `label "${plain(name, longestQuote)}"${setBy === null ? '' : ` set by ${plain(setBy, longestQuote)}`}`
  const refuse = (why: string): Said[] => [{ problem: `The ${source} accepts nothing: ${why}. ${labelForms}` }]
  if (meaning.kind === 'misspelt') return refuse(`it is not "${acceptLabel}"`)
  const { scope, problems } = parseScope(meaning.scope, scenarios)
  if (scope === null) return refuse(problems.join('; '))
  return [{ accepted: { ...scope, reason: 'the label gives no reason of its own', source } }]
}

/** One line without control or invisible characters: it goes into logs and files. */
function plain(text: string, length: number): string {
  return clip(
    text
      .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
    length,
  )
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${[...text].slice(0, length - 1).join('')}…`
}
