import { errors } from 'undici'
import { oneLine, type TransportFailure } from './capture.ts'

/** How far a request had come when its connection failed. */
interface Progress {
  readonly wasSent: boolean
  /** Headers of the answer had come. */
  readonly wasAnswered: boolean
  /** Its socket had carried a request before. */
  readonly wasReused: boolean
}

/** Names the failure of a connection. */
export function failureOf(error: Error, progress: Progress): TransportFailure {
  const detail = oneLine(describe(error))
  if (!progress.wasSent) return { outcome: 'connect-error', detail }
  if (error instanceof errors.ResponseContentLengthMismatchError) return { outcome: 'truncated', detail }
  if (isProtocolError(error)) return { outcome: 'malformed', detail }
  // A server may close an idle connection just as the next request leaves: its own class, never retried silently.
  if (!progress.wasAnswered && progress.wasReused) return { outcome: 'stale-socket', detail }
  return { outcome: 'reset', detail }
}

export function deadlineFailure(timeoutMs: number): TransportFailure {
  return { outcome: 'deadline', detail: `No complete answer within ${timeoutMs} ms.` }
}

function isProtocolError(error: Error): boolean {
  // A body cut before its last chunk: with `connection: close` the parser tells, otherwise the socket. undici gives no code.
  if (error.message.includes('Invalid EOF state')) return false
  return (
    error instanceof errors.HTTPParserError ||
    error instanceof errors.ResponseExceededMaxSizeError ||
    error instanceof errors.HeadersOverflowError
  )
}

function codeOf(error: Error): string {
  const code = (error as { code?: unknown }).code
  return typeof code === 'string' ? code : ''
}

function describe(error: Error): string {
  const code = codeOf(error)
  // A refused connection to a name with several addresses is an AggregateError with an empty message.
  const message = error.message || (error instanceof AggregateError ? String(error.errors[0]) : error.name)
  return code === '' || message.includes(code) ? message : `${message} (${code})`
}
