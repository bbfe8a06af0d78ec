import { readableError } from './problem.ts'
import { read, statusOf } from './retry.ts'
import type { Connection } from './types.ts'

/** Without it the contents API leaves out what is larger than 1 MB. */
const rawMediaType = 'application/vnd.github.raw+json'

/** See {@link GitHub.readFile}. */
export async function readFile(connection: Connection, path: string, ref: string): Promise<string | null> {
  const { octokit, owner, repo } = connection
  try {
    const response = await read(connection, `read ${path}`, () =>
      octokit.request('GET /repos/{owner}/{repo}/contents/{path}', {
        owner,
        repo,
        path,
        ref,
        headers: { accept: rawMediaType },
      }),
    )
    return textOf(response.data, path)
  } catch (error) {
    if (statusOf(error) !== 404) throw readableError(`Could not read ${path} at ${ref}`, error, 'contents: read')
  }
  await assertRefExists(connection, path, ref)
  return null
}

/** A file with the SHA of its blob: the text is exactly that blob's, also when the file changes between the requests. */
export interface FileAtSha {
  readonly text: string
  readonly sha: string
}

/** As {@link readFile}, with the SHA that a compare-and-swap needs. */
export async function readFileWithSha(connection: Connection, path: string, branch: string): Promise<FileAtSha | null> {
  const { octokit, owner, repo } = connection
  let sha: string
  try {
    const { data } = await read(connection, `find ${path}`, () =>
      octokit.rest.repos.getContent({ owner, repo, path, ref: branch }),
    )
    if (Array.isArray(data) || data.type !== 'file') throw new Error(`${path} is not a file`)
    sha = data.sha
  } catch (error) {
    if (statusOf(error) !== 404) throw error
    await assertRefExists(connection, path, branch)
    return null
  }
  const blob = await read(connection, `read ${path}`, () =>
    octokit.rest.git.getBlob({ owner, repo, file_sha: sha, mediaType: { format: 'json' } }),
  )
  return { text: Buffer.from(blob.data.content, 'base64').toString('utf8'), sha }
}

/** 404 also means "no such ref" and "this token may not look": only with the ref in sight is the file truly missing. */
async function assertRefExists(connection: Connection, path: string, ref: string): Promise<void> {
  const { octokit, owner, repo } = connection
  try {
    await read(connection, `look for ${ref}`, () => octokit.rest.repos.getCommit({ owner, repo, ref }))
  } catch (error) {
    throw readableError(
      `Could not read ${path}, since ${ref} was not found in ${owner}/${repo}`,
      error,
      'contents: read',
    )
  }
}

/** Raw answers come as a string; a folder comes as its listing, whatever was asked for. */
function textOf(data: unknown, path: string): string {
  if (typeof data === 'string') return data
  if (data instanceof ArrayBuffer) return new TextDecoder().decode(data)
  throw new Error(`${path} is a folder, not a file`)
}
