import type { Outcome } from '../../model/request.ts'
import type { Body } from './body.ts'

export interface TransportFailure {
  readonly outcome: Outcome
  readonly detail: string
}

/**
 * What came back for one request: stamped as it arrived, and not looked into. Times are milliseconds of the clock that
 * the connection was given; null when it never came.
 */
export interface Capture {
  /** Handed to the connection; between this and sentMs lie connecting and our own delay. */
  readonly scheduledMs: number
  /** Written to the socket. */
  readonly sentMs: number | null
  /** Headers of the answer. */
  readonly firstByteMs: number | null
  /** The body ended, or the request failed. */
  readonly settledMs: number
  readonly status: number | null
  readonly body: Body
  /** Null when an answer arrived whole, whatever it says. */
  readonly failure: TransportFailure | null
}

export function bodyText(capture: Capture): string {
  return capture.body.bytes.toString('utf8')
}

const excerptLength = 300

/** What arrived, for an error message: status and the start of the body on one line, or how the request failed. */
export function describeCapture(capture: Capture): string {
  if (capture.status === null) return capture.failure?.detail ?? 'no answer'
  const body = oneLine(bodyText(capture)) || '(empty body)'
  return `HTTP ${capture.status}: ${body}`
}

/** At most a few hundred characters on one line: details go into a line of a file and into messages. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > excerptLength ? `${line.slice(0, excerptLength)}…` : line
}
