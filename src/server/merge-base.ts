import { ActionError } from '../errors.ts'
import { type GitAnswer, git } from './git.ts'
import { headCommit } from './head-commit.ts'
import { quoteLog } from './log-tail.ts'

export interface MergeBaseOptions {
  readonly repository: string
  /** Branch name or full sha of the base side. */
  readonly baseRef: string
  readonly signal: AbortSignal
}

/** Commits by which a shallow clone is deepened, one try after the other; after them all of it is fetched. */
const deepenBy = [50, 500]
/** A transfer that has stalled for a minute is given up; a slow one is not. */
const unlessStalled = ['-c', 'http.lowSpeedLimit=1000', '-c', 'http.lowSpeedTime=60']

/**
 * The commit where HEAD left the base branch: what a change is compared with. The branch's tip would charge a change
 * for what it lacks. The branch is fetched from `origin` first: a clone that an earlier job left behind may know an old
 * tip, and would charge a change for what others have merged since. A shallow clone is deepened until the commit is
 * found. Where nothing can be fetched, what the clone knows must do.
 *
 * @throws ActionError `invalid` when there is none or it cannot be fetched; `cancelled` when the signal fires.
 */
export async function findMergeBase(options: MergeBaseOptions): Promise<string> {
  const head = await headCommit(options.repository, options.signal)
  const known = isSha(options.baseRef) ? await knownMergeBase(options) : null
  if (known) return known
  const isCut = await isShallow(options)
  const steps = isCut ? [...deepenBy.map((count) => [`--deepen=${count}`]), ['--unshallow']] : [[]]
  let refusal = ''
  for (const step of steps) {
    const fetched = await fetchBase(options, head, step)
    refusal = fetched.isOk ? '' : fetched.stderr
    const found = await knownMergeBase(options)
    if (found) return found
  }
  throw notFound(options.baseRef, await isShallow(options), refusal)
}

async function knownMergeBase({ repository, baseRef, signal }: MergeBaseOptions): Promise<string | null> {
  for (const name of [`refs/remotes/origin/${baseRef}`, `refs/heads/${baseRef}`, baseRef]) {
    const base = await git(
      repository,
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
      signal,
    )
    if (!base.isOk) continue
    const answer = await git(repository, ['merge-base', base.stdout, 'HEAD'], signal)
    return answer.isOk ? answer.stdout : null
  }
  return null
}

/** Deepening only follows what is asked for, so HEAD is asked for too; one that was never pushed, origin refuses. */
async function fetchBase(options: MergeBaseOptions, head: string, how: readonly string[]): Promise<GitAnswer> {
  const { repository, baseRef, signal } = options
  const base = isSha(baseRef) ? baseRef : `+refs/heads/${baseRef}:refs/remotes/origin/${baseRef}`
  const fetch = [...unlessStalled, 'fetch', '--no-tags', '--no-recurse-submodules', '--quiet', ...how, 'origin']
  const withHead = how.length > 0 ? await git(repository, [...fetch, head, base], signal) : null
  return withHead?.isOk ? withHead : await git(repository, [...fetch, base], signal)
}

async function isShallow({ repository, signal }: MergeBaseOptions): Promise<boolean> {
  return (await git(repository, ['rev-parse', '--is-shallow-repository'], signal)).stdout === 'true'
}

function isSha(ref: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(ref)
}

function notFound(baseRef: string, shallow: boolean, refusal: string): ActionError {
  const why = shallow ? 'The clone is shallow, and it could not be deepened' : 'They share no commit that git can see'
  const said = refusal === '' ? '' : ` git said:\n${quoteLog(refusal)}`
  return new ActionError(
    'invalid',
    `No common commit of HEAD and "${baseRef}" was found. ${why}.`,
    `Set \`fetch-depth: 0\` in the actions/checkout step of this job.${said}`,
  )
}
