import { getOctokit } from '@actions/github'
import { ActionError } from '../errors.ts'
import { createGitHub } from './github.ts'
import type { GitHub, GitHubOptions } from './types.ts'

/** A request that gets no answer at all within this time has failed. */
const requestTimeoutMs = 30_000

/**
 * GitHub by the token of the job. The address is GITHUB_API_URL unless one is given.
 *
 * @param repository - `owner/name`, as in GITHUB_REPOSITORY.
 * @throws ActionError `usage` when the repository is not of that form, or the token is empty.
 */
export function connectGitHub(
  token: string,
  repository: string,
  options: Pick<GitHubOptions, 'log' | 'wait'> & { readonly apiUrl?: string },
): GitHub {
  const { apiUrl, ...rest } = options
  const [owner, repo, ...more] = repository.split('/')
  if (!owner || !repo || more.length > 0) {
    const message = `The repository is "${repository}", expected owner/name.`
    throw new ActionError('usage', message, 'GITHUB_REPOSITORY is set by the runner; do not change it.')
  }
  if (token === '') {
    throw new ActionError('usage', 'The input `token` is empty.', 'Leave it at its default, the token of the job.')
  }
  const octokit = getOctokit(token, apiUrl === undefined ? {} : { baseUrl: apiUrl })
  octokit.hook.before('request', (options) => {
    options.request = { ...options.request, signal: AbortSignal.timeout(requestTimeoutMs) }
  })
  return createGitHub({ octokit, owner, repo, ...rest })
}
