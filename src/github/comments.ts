import { messageOf } from '../errors.ts'
import { hintFor } from './problem.ts'
import { isUnanswered, read, statusOf, write } from './retry.ts'
import { shortenBody } from './shorten-body.ts'
import type { CommentResult, Connection } from './types.ts'
import { ownLogin } from './viewer.ts'

/** The most that GitHub gives at once. */
const perPage = 100

interface Upsert {
  readonly pull: number
  readonly marker: string
  readonly body: string
  readonly summaryUrl: string | null
}

/** See {@link GitHub.upsertComment}. */
export async function upsertComment(connection: Connection, upsert: Upsert): Promise<CommentResult> {
  try {
    return { url: await writeOnce(connection, upsert) }
  } catch (error) {
    const hint = hintFor(error, 'pull-requests: write')
    return { problem: `The comment on #${upsert.pull} could not be written: ${messageOf(error)}. ${hint}` }
  }
}

async function writeOnce(connection: Connection, upsert: Upsert): Promise<string> {
  const { pull, marker, body } = upsert
  if (!body.startsWith(marker)) throw new Error('the body does not start with its marker')
  const existing = await findOwnComment(connection, pull, marker)
  try {
    return await save(connection, pull, existing, body)
  } catch (error) {
    if (isTooLong(error)) return await save(connection, pull, existing, shortenBody(body, upsert.summaryUrl))
    if (!isUnanswered(error)) throw error
    return await saveAgain(connection, upsert)
  }
}

/** The write may have happened though its answer was lost: a blind repetition would leave two comments. */
async function saveAgain(connection: Connection, { pull, marker, body }: Upsert): Promise<string> {
  connection.log(`GitHub did not answer the comment on #${pull}; looking for it before writing again.`)
  await connection.wait(1_000)
  return await save(connection, pull, await findOwnComment(connection, pull, marker), body)
}

async function save(
  connection: Connection,
  pull: number,
  existing: { readonly id: number } | null,
  body: string,
): Promise<string> {
  if (existing === null) return await create(connection, pull, body)
  const { octokit, owner, repo } = connection
  try {
    const { data } = await write(connection, `update the comment on #${pull}`, () =>
      octokit.rest.issues.updateComment({ owner, repo, comment_id: existing.id, body }),
    )
    return data.html_url
  } catch (error) {
    // Somebody deleted it since it was listed.
    if (statusOf(error) === 404) return await create(connection, pull, body)
    throw error
  }
}

async function create(connection: Connection, pull: number, body: string): Promise<string> {
  const { octokit, owner, repo } = connection
  const { data } = await write(connection, `comment on #${pull}`, () =>
    octokit.rest.issues.createComment({ owner, repo, issue_number: pull, body }),
  )
  return data.html_url
}

/**
 * The oldest comment that starts with the marker and that this token's own account wrote. The marker alone proves
 * nothing: anyone may copy it into a comment, and our report must not end up under another name.
 */
async function findOwnComment(
  connection: Connection,
  pull: number,
  marker: string,
): Promise<{ readonly id: number } | null> {
  const { octokit, owner, repo } = connection
  const comments = await read(connection, `list the comments of #${pull}`, () =>
    octokit.paginate(octokit.rest.issues.listComments, { owner, repo, issue_number: pull, per_page: perPage }),
  )
  const marked = comments.filter(({ body }) => body?.startsWith(marker))
  if (marked.length === 0) return null
  const login = await ownLogin(connection)
  const own = marked.find(({ user }) => (login === null ? user?.type === 'Bot' : user?.login === login))
  return own ? { id: own.id } : null
}

function isTooLong(error: unknown): boolean {
  return statusOf(error) === 422 && /too long|maximum/i.test(messageOf(error))
}
