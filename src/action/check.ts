import type { CheckRun, GitHub } from '../github/index.ts'
import type { Log } from '../log.ts'
import type { Conclusion } from '../model/verdict.ts'
import type { CheckMode, PullRequestEvent } from '../plan/index.ts'

/** Where the result of a pull request goes, besides log and summary. */
export interface PublishTarget {
  readonly github: GitHub
  readonly event: PullRequestEvent
  readonly comment: boolean
  readonly check: CheckMode
}

export interface CheckText {
  /** One line, plain text. */
  readonly title: string
  /** The comment, marker and all. */
  readonly comment: string
}

const checkConclusions: Readonly<Record<Conclusion, CheckRun['conclusion']>> = {
  pass: 'success',
  regressed: 'failure',
  invalid: 'failure',
  inconclusive: 'neutral',
}

/**
 * The result as a check run of its own on the head of the pull request: unlike a step it can be neutral. It is written
 * once, when all is known: one that was begun and never ended would hold up the pull request for ever. It changes
 * nothing about how the step ends.
 */
export async function writeCheck(
  { github, event, check }: PublishTarget,
  gate: string,
  conclusion: Conclusion,
  { title, comment }: CheckText,
  log: Log,
): Promise<void> {
  if (check === 'false') return
  const { headSha, runUrl, runAttempt } = event
  const result = await github.writeCheckRun({
    name: `llm-perf: ${gate}`,
    headSha,
    conclusion: checkConclusions[conclusion],
    title,
    summary: withoutMarker(comment),
    externalId: `${runUrl.split('/').at(-1)}-${runAttempt}`,
    detailsUrl: runUrl,
  })
  if ('url' in result) log.info(`Check: ${result.url}`)
  else if (check === 'auto' && result.isDenied) {
    log.info(
      'No check run of its own was written: this job has no `permissions: checks: write`. Its own result says the same.',
    )
  } else log.warning(`${result.problem} The verdict stands.`)
}

/** The marker is there to find the comment again. */
function withoutMarker(comment: string): string {
  return comment.replace(/^<!--.*-->\n/, '')
}
