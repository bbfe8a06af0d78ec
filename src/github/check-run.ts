import { messageOf } from '../errors.ts'
import { hintFor } from './problem.ts'
import { isUnanswered, read, statusOf, write } from './retry.ts'
import { shortenBody } from './shorten-body.ts'
import type { CheckResult, CheckRun, Connection } from './types.ts'

/**
 * Bytes of a check run's summary. GitHub says 65,535 characters; bytes are never fewer, so whichever it counts, this fits.
 * @see https://docs.github.com/rest/checks/runs#create-a-check-run
 */
const longestSummaryBytes = 65_535
/** UTF-16 units of a summary that was too long, longest first: the last fits whatever its characters are. */
const shorterLengths = [60_000, 45_000, 30_000, 20_000] as const
/** A title is one line of a list. */
const longestTitle = 200

/** See {@link GitHub.writeCheckRun}. */
export async function writeCheckRun(connection: Connection, check: CheckRun): Promise<CheckResult> {
  try {
    return { url: await createOnce(connection, check) }
  } catch (error) {
    const hint = hintFor(error, 'checks: write')
    const problem = `The check run "${check.name}" could not be written: ${messageOf(error)}. ${hint}`
    return { problem, isDenied: statusOf(error) === 403 || statusOf(error) === 404 }
  }
}

/** The write may have happened though its answer was lost: so the check is looked for before it is written again. */
async function createOnce(connection: Connection, check: CheckRun): Promise<string> {
  try {
    return await create(connection, check)
  } catch (error) {
    if (!isUnanswered(error)) throw error
  }
  connection.log(`GitHub did not answer the check run "${check.name}"; looking for it before writing again.`)
  await connection.wait(1_000)
  return (await findOwn(connection, check)) ?? (await create(connection, check))
}

async function create(connection: Connection, check: CheckRun): Promise<string> {
  const { octokit, owner, repo } = connection
  const { name, headSha, conclusion, externalId, detailsUrl } = check
  const title = check.title.length > longestTitle ? `${check.title.slice(0, longestTitle - 1)}…` : check.title
  const { data } = await write(connection, `write the check run "${name}"`, () =>
    octokit.rest.checks.create({
      owner,
      repo,
      name,
      head_sha: headSha,
      status: 'completed',
      conclusion,
      external_id: externalId,
      details_url: detailsUrl,
      output: { title, summary: fitting(check.summary, detailsUrl) },
    }),
  )
  return data.html_url ?? detailsUrl
}

async function findOwn(connection: Connection, { name, headSha, externalId, detailsUrl }: CheckRun) {
  const { octokit, owner, repo } = connection
  const { data } = await read(connection, `look for the check run "${name}"`, () =>
    octokit.rest.checks.listForRef({ owner, repo, ref: headSha, check_name: name, filter: 'all', per_page: 100 }),
  )
  const own = data.check_runs.find((run) => run.name === name && run.external_id === externalId)
  return own ? (own.html_url ?? detailsUrl) : null
}

function fitting(summary: string, detailsUrl: string): string {
  const fits = (text: string) => Buffer.byteLength(text) <= longestSummaryBytes
  if (fits(summary)) return summary
  const shorter = shorterLengths.map((length) => shortenBody(summary, detailsUrl, { length, what: 'a check' }))
  return shorter.find(fits) ?? shorter.at(-1) ?? ''
}
