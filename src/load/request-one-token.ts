import { ActionError } from '../errors.ts'
import type { ApiConfig } from '../model/config.ts'
import { describeCapture } from './http/capture.ts'
import { findModel, isPassing } from './model-name.ts'
import { type Reply, type RequestLimits, Session } from './session.ts'

/** Asked for when one token alone holds no text: it may be half a character. */
const moreTokens = 8

/**
 * Asks for one real token and takes nothing less for an answer. Used for readiness.
 *
 * @throws ActionError `invalid` when the server gives an answer that waiting does not cure (4xx, no text, no usage);
 *   ActionError `cancelled`, or the signal's own ActionError, when it was aborted; a plain Error when asking again may
 *   help (no connection, a deadline, 5xx, 408, 425, 429).
 */
export async function requestOneToken(origin: string, api: ApiConfig, limits: RequestLimits): Promise<void> {
  const session = new Session(origin, api, limits)
  try {
    const question = { model: await findModel(session), prompt: 'Hello', streaming: false, isLlamaCpp: false }
    let reply = await session.ask({ ...question, outputTokens: 1 })
    if (reply.outcome === 'no-text') reply = await session.ask({ ...question, outputTokens: moreTokens })
    if (!isRealAnswer(reply)) throw failure(reply)
  } finally {
    await session.close()
  }
}

/** A server that does not stop at the exact length is alive; the measurement judges lengths. */
function isRealAnswer({ outcome, answer }: Reply): boolean {
  return outcome === 'ok' || (outcome === 'wrong-length' && (answer.outputTokens ?? 0) > 0)
}

function failure({ capture, outcome, detail }: Reply): Error {
  const message = `A request for one token failed (${outcome}): ${detail ?? describeCapture(capture)}`
  const isFinal = capture.failure === null && !(outcome === 'http-error' && isPassing(capture.status))
  if (!isFinal) return new Error(message)
  return new ActionError(
    'invalid',
    message,
    `The server answered: ${describeCapture(capture)} Check the api section of the configuration (type, model, paths) against the server.`,
  )
}
