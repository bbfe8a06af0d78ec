import { gitOrFail } from './git.ts'

/**
 * Full sha of the commit that is checked out.
 *
 * @throws ActionError `invalid` outside a repository, or in one without a commit.
 */
export async function headCommit(repository: string, signal?: AbortSignal): Promise<string> {
  return await gitOrFail(
    repository,
    ['rev-parse', '--verify', 'HEAD^{commit}'],
    { message: `No commit is checked out in ${repository}.`, hint: 'Run actions/checkout before this action.' },
    signal,
  )
}
