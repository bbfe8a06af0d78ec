import { readableError } from './problem.ts'
import { read } from './retry.ts'
import type { Connection, PullRequest } from './types.ts'

/** See {@link GitHub.pullRequest}. */
export async function pullRequest(connection: Connection, number: number): Promise<PullRequest> {
  const { octokit, owner, repo } = connection
  try {
    const { data } = await read(connection, `read #${number}`, () =>
      octokit.rest.pulls.get({ owner, repo, pull_number: number }),
    )
    return {
      number,
      headSha: data.head.sha,
      // The types promise a repository, but it is null once the fork is deleted.
      headRepository: (data.head.repo as { full_name: string } | null)?.full_name ?? null,
      baseRef: data.base.ref,
    }
  } catch (error) {
    throw readableError(`Could not read pull request #${number}`, error, 'pull-requests: read')
  }
}
