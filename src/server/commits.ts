import type { CommitMessage } from '../model/accepted.ts'
import { gitOrFail } from './git.ts'

export interface CommitsOptions {
  readonly repository: string
  /** Only commits that HEAD has and this one has not; null: HEAD alone. */
  readonly base: string | null
  readonly signal: AbortSignal
}

export interface CommitRange {
  /** Newest first. */
  readonly commits: readonly CommitMessage[]
  /**
   * False when the clone's history ends within the range: commits that the base has as well then look as if they were
   * new, and an acceptance that ended with an earlier merge would count again.
   */
  readonly isWhole: boolean
}

/** Between the fields of a commit; the message is the last one and may hold anything but NUL. */
const unit = '\x1f'

/**
 * The messages of the commits from a base to HEAD, merged branches included.
 *
 * @throws ActionError `invalid` when git cannot tell.
 */
export async function commitsSince({ repository, base, signal }: CommitsOptions): Promise<CommitRange> {
  const range = base === null ? ['--max-count=1', 'HEAD'] : [`${base}..HEAD`]
  const format = `--format=${['%H', '%P', '%an', '%B'].join('%x1f')}`
  const answer = await gitOrFail(
    repository,
    ['log', '-z', '--no-show-signature', '--no-color', '--encoding=UTF-8', format, ...range, '--'],
    {
      message: `The commits since ${base ?? 'HEAD'} cannot be read.`,
      hint: 'Set `fetch-depth: 0` in the actions/checkout step.',
    },
    signal,
  )
  const read = answer.split('\0').flatMap((entry) => {
    const [sha = '', parents = '', author = '', ...message] = entry.split(unit)
    return sha.trim() === '' ? [] : [{ sha: sha.trim(), parents, author, message: message.join(unit).trim() }]
  })
  return {
    commits: read.map(({ sha, author, message }) => ({ sha, author, message })),
    isWhole: base !== null && read.every(({ parents }) => parents !== ''),
  }
}
