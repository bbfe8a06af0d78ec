import { ActionError, messageOf } from '../errors.ts'
import { statusOf } from './retry.ts'

/** The scopes of `permissions:` that the product needs. */
export type Permission =
  | 'checks: write'
  | 'contents: read'
  | 'contents: write'
  | 'pull-requests: read'
  | 'pull-requests: write'

/** What to do about a failed request, in words that can be acted on. */
export function hintFor(error: unknown, permission: Permission): string {
  const status = statusOf(error)
  if (status === 401) return 'GitHub does not know this token. Leave the input `token` at its default, or renew it.'
  if (isRateLimit(error)) return 'GitHub limits the number of requests. Run the job again later.'
  if (status === 403 || status === 404) {
    return `This job needs \`permissions: ${permission}\`. Add it to the job in the workflow file.`
  }
  if (status === null || status >= 500) return 'GitHub did not answer. Run the job again.'
  return 'See the message of GitHub above.'
}

/** A failed request as an expected failure; an ActionError passes through. */
export function readableError(what: string, error: unknown, permission: Permission): ActionError {
  if (error instanceof ActionError) return error
  const status = statusOf(error)
  const answer = status === null ? messageOf(error) : `${status} ${messageOf(error)}`
  return new ActionError('invalid', `${what}: GitHub said "${answer}".`, hintFor(error, permission), { cause: error })
}

function isRateLimit(error: unknown): boolean {
  return statusOf(error) === 429 || /rate limit/i.test(messageOf(error))
}
