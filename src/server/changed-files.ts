import { gitOrFail } from './git.ts'

export interface ChangedFilesOptions {
  readonly repository: string
  /** The commit that HEAD is compared with: its merge-base, so that only the change's own edits count. */
  readonly base: string
  /** The files asked about, relative to the root of the repository. */
  readonly paths: readonly string[]
  readonly signal: AbortSignal
}

/**
 * Which of these files HEAD adds, edits or deletes since the base.
 *
 * @throws ActionError `invalid` when git cannot tell.
 */
export async function changedFiles({ repository, base, paths, signal }: ChangedFilesOptions): Promise<Set<string>> {
  const answer = await gitOrFail(
    repository,
    ['diff', '--name-only', '-z', '--no-renames', base, 'HEAD', '--', ...paths],
    {
      message: `What changed since ${base} cannot be told.`,
      hint: 'Set `fetch-depth: 0` in the actions/checkout step.',
    },
    signal,
  )
  return new Set(answer.split('\0').filter((path) => path !== ''))
}
