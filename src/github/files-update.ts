import { ActionError, messageOf } from '../errors.ts'
import { type FileAtSha, readFileWithSha } from './files-read.ts'
import { readableError } from './problem.ts'
import { isUnanswered, read, statusOf, write } from './retry.ts'
import type { Connection, FileUpdate, FileUpdated } from './types.ts'

/** Tries of the whole read, update, write cycle, besides those that expected other writers cost. */
const ownTries = 5
const waitMs = { least: 1_000, most: 2_000 }

/** How GitHub words a write that branch protection (GH006) or a ruleset (GH013) refuses; the status is 403, 409 or 422. */
const protectedBranch =
  /GH006|GH013|protected branch|rule violations|through a pull request|required status check|authorized to push/i

/** See {@link GitHub.updateFile}. */
export async function updateFile(connection: Connection, options: FileUpdate): Promise<FileUpdated> {
  const { branch, path, writers = 1 } = options
  const tries = ownTries + writers - 1
  const what = `Could not update ${path} on ${branch}`
  for (let attempt = 1; ; attempt += 1) {
    try {
      const commit = await tryUpdate(connection, options)
      if (commit !== null) return { commit, attempts: attempt }
    } catch (error) {
      throw protectedBranch.test(messageOf(error)) && statusOf(error) !== null
        ? protectedBranchError(what, branch, error)
        : readableError(what, error, 'contents: write')
    }
    if (attempt >= tries) throw lostEveryRace(what, tries)
    connection.log(`${path} changed on ${branch} meanwhile, or GitHub did not answer; reading it again.`)
    await connection.wait(waitMs.least + Math.random() * (waitMs.most - waitMs.least))
  }
}

/** The commit, or null when the cycle must be repeated: the race was lost, or the answer. */
async function tryUpdate(connection: Connection, options: FileUpdate): Promise<string | null> {
  const { octokit, owner, repo } = connection
  const { branch, path, message } = options
  const current = await readFileWithSha(connection, path, branch)
  const text = options.update(current?.text ?? null)
  if (current && current.text === text) return await lastCommitOf(connection, path, branch)
  const content = Buffer.from(text, 'utf8').toString('base64')
  const sha = current ? { sha: current.sha } : {}
  try {
    const response = await write(connection, `write ${path}`, () =>
      octokit.rest.repos.createOrUpdateFileContents({ owner, repo, path, branch, message, content, ...sha }),
    )
    return response.data.commit.sha ?? null
  } catch (error) {
    if (isUnanswered(error) || isLostRace(error, current)) return null
    throw error
  }
}

/** 409: the blob is another one, or the branch moved. 422: the file appeared after it was found missing. */
function isLostRace(error: unknown, current: FileAtSha | null): boolean {
  if (protectedBranch.test(messageOf(error))) return false
  const status = statusOf(error)
  return status === 409 || (status === 422 && current === null && /"?sha"? wasn't supplied/i.test(messageOf(error)))
}

async function lastCommitOf(connection: Connection, path: string, branch: string): Promise<string> {
  const { octokit, owner, repo } = connection
  const { data } = await read(connection, `find the commit of ${path}`, () =>
    octokit.rest.repos.listCommits({ owner, repo, path, sha: branch, per_page: 1 }),
  )
  const last = data[0]
  if (!last) throw new Error(`no commit of ${path} was found on ${branch}`)
  return last.sha
}

function protectedBranchError(what: string, branch: string, cause: unknown): ActionError {
  const message = `${what}: the branch is protected. GitHub said "${messageOf(cause)}".`
  const hint =
    `\`contents: write\` does not bypass the protection of ${branch}. Either keep the baseline on an unprotected ` +
    'branch, or bring the file in by a pull request, or pass a token of a GitHub App that may bypass the rule.'
  return new ActionError('invalid', message, hint, { cause })
}

function lostEveryRace(what: string, tries: number): ActionError {
  return new ActionError(
    'invalid',
    `${what}: ${tries} tries were lost to other writers or to errors of GitHub.`,
    'Run the job again. If it happens often, put the jobs that update the baseline into one `concurrency` group.',
  )
}
