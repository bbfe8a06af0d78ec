import { STATUS_CODES } from 'node:http'
import type { Outcome } from '../model/request.ts'
import type { Fields } from './fields.ts'
import type { ImportedRequest, RequestDetail } from './imported.ts'
import { noResult } from './refusal.ts'

/** What a tool tells of a request that failed. */
export interface Failure {
  readonly index: number
  /** Null when the request was never sent. */
  readonly sentMs: number | null
  /** Where it is not the time of sending. */
  readonly scheduledMs?: number
  readonly promptTokens: number | null
  readonly error: string
  /** An HTTP status where the tool gives one. */
  readonly code: number | null
}

const longestDetail = 300

/** A failed request: the tool's own words are kept, since its classes of failure are not ours. */
export function failedRequest({ index, scheduledMs, sentMs, promptTokens, error, code }: Failure): ImportedRequest {
  const text = error.trim().replace(/\s+/g, ' ')
  const status = code ?? statusOf(text)
  return {
    index,
    scheduledMs: scheduledMs ?? sentMs ?? Number.POSITIVE_INFINITY,
    sentMs,
    firstByteMs: null,
    firstTokenMs: null,
    lastTokenMs: null,
    endMs: null,
    promptTokens: promptTokens || null,
    outputTokens: null,
    firstChunkTokens: null,
    chunks: 0,
    cachedTokens: null,
    status,
    outcome: outcomeOf(text, status),
    detail: (text === '' ? 'The tool gives no reason.' : text).slice(0, longestDetail),
  }
}

/** As inference-perf and GuideLLM begin the text of an error. */
const statusInText = /^(?:HTTP (?:Error )?|HTTPStatusError\("(?:Server|Client) error ')(\d{3})\b/

/** vLLM keeps the words of the status line alone. */
function statusOf(text: string): number | null {
  const [, digits] = statusInText.exec(text) ?? []
  if (digits !== undefined) return Number(digits)
  const known = Object.entries(STATUS_CODES).find(([code, words]) => Number(code) >= 400 && words === text)
  return known ? Number(known[0]) : null
}

function outcomeOf(text: string, code: number | null): Outcome {
  if (/cancel/i.test(text)) return 'aborted'
  if (code !== null && code >= 400) return 'http-error'
  if (/time.?out/i.test(text)) return 'deadline'
  if (/refused|cannot connect|connect call/i.test(text)) return 'connect-error'
  if (/reset|disconnect|closed/i.test(text)) return 'reset'
  return 'stream-error'
}

/** What a tool tells of a run, on a clock of its own. */
interface Measured extends Omit<RequestDetail, 'startedAt' | 'windowMs'> {
  /** Time of the first request, or of the end of the window; null where the tool's clock has no date. */
  readonly clock: { readonly startedAt: Date } | { readonly endedAt: Date } | null
  /** Length of the window as the tool states it; null: from the first request sent to the last answer. */
  readonly windowMs: number | null
}

/** Clocks of two processes, and a file's rounding. */
const toleranceMs = 1

/**
 * Moves the zero of all times to the first request, and puts the requests in the order of completion.
 * @throws ActionError when times cannot be, or nothing was sent
 */
export function arrangeRequests(fields: Fields, measured: Measured): RequestDetail {
  const { requests, streaming, warmupRequests } = measured
  const zeroMs = earliest(requests.map(({ scheduledMs }) => scheduledMs))
  if (!Number.isFinite(zeroMs))
    throw noResult(`${fields.where}: no request was ever sent.`, 'Look at the log of the tool.')
  const moved = requests.map((request) => moveRequest(request, zeroMs))
  const lastMs = moved.reduce((most, { endMs }) => Math.max(most, endMs ?? 0), 0)
  if (measured.windowMs !== null && lastMs > measured.windowMs + toleranceMs) {
    const seconds = (ms: number) => `${(ms / 1000).toFixed(3)} s`
    throw fields.refuse(
      '',
      `at odds with itself: the last answer ended ${seconds(lastMs)} after the first request, but the run took ${seconds(measured.windowMs)}`,
    )
  }
  const windowMs = Math.max(measured.windowMs ?? 0, lastMs)
  return {
    startedAt: startOf(measured.clock, windowMs)?.toISOString() ?? null,
    streaming,
    warmupRequests,
    windowMs,
    requests: moved.toSorted((a, b) => endOrNever(a) - endOrNever(b) || a.index - b.index),
  }
}

function startOf(clock: Measured['clock'], windowMs: number): Date | null {
  if (clock === null || 'startedAt' in clock) return clock?.startedAt ?? null
  return new Date(clock.endedAt.getTime() - windowMs)
}

function moveRequest(request: ImportedRequest, zeroMs: number): ImportedRequest {
  const move = (timeMs: number | null) => (timeMs === null ? null : timeMs - zeroMs)
  return {
    ...request,
    // A request that was never sent has no time at all.
    scheduledMs: Number.isFinite(request.scheduledMs) ? request.scheduledMs - zeroMs : 0,
    sentMs: move(request.sentMs),
    firstByteMs: move(request.firstByteMs),
    firstTokenMs: move(request.firstTokenMs),
    lastTokenMs: move(request.lastTokenMs),
    endMs: move(request.endMs),
  }
}

/** Finite, since the difference of two infinities is no order. */
function endOrNever({ endMs }: ImportedRequest): number {
  return endMs ?? Number.MAX_VALUE
}

/** The least of many times; infinity when there is none. */
export function earliest(times: readonly (number | null)[]): number {
  return times.reduce<number>((least, time) => Math.min(least, time ?? least), Number.POSITIVE_INFINITY)
}
