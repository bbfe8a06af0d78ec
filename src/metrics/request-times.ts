import { ActionError } from '../errors.ts'
import type { RequestRecord } from '../model/request.ts'
import type { MetricSample } from './definition.ts'

/**
 * When the clock of latency and TTFT starts: in an open loop when a request was due, so that no wait is hidden that a
 * slow server (or a full connection limit) imposes on later requests; in a closed loop when it was sent.
 *
 * @see Tene (2013), "How NOT to Measure Latency", on coordinated omission
 */
type ClockStart = 'scheduledMs' | 'sentMs'

const clockStart = ({ plannedRate }: MetricSample): ClockStart => (plannedRate === null ? 'sentMs' : 'scheduledMs')

/**
 * Latency of each request, to the last byte of content.
 * @throws ActionError when a request that counts as successful lacks a time: such a record is broken
 */
export function latenciesMs(sample: MetricSample, from: ClockStart = clockStart(sample)): number[] {
  return sample.requests.map((request) => required(request, 'endMs') - required(request, from))
}

/** Time to first token of each request; null when any request has none, as without streaming. */
export function firstTokenDelaysMs(sample: MetricSample, from: ClockStart = clockStart(sample)): number[] | null {
  const delays: number[] = []
  for (const request of sample.requests) {
    if (request.firstTokenMs === null) return null
    delays.push(request.firstTokenMs - required(request, from))
  }
  return delays.length > 0 ? delays : null
}

/** Due to sent, of each request of an open loop; null in a closed loop. */
export function queueDelaysMs({ requests, plannedRate }: MetricSample): number[] | null {
  if (plannedRate === null) return null
  return requests.map((request) => required(request, 'sentMs') - request.scheduledMs)
}

/**
 * Time per output token after the first chunk: (last token - first token) / (output tokens - tokens in the first chunk).
 * Null where nothing came after the first chunk, or without streaming.
 */
export function timePerTokenMs(request: RequestRecord): number | null {
  const { firstTokenMs, lastTokenMs, outputTokens, firstChunkTokens } = request
  if (firstTokenMs === null || lastTokenMs === null || outputTokens === null) return null
  const later = outputTokens - (firstChunkTokens ?? 1)
  return later > 0 ? (lastTokenMs - firstTokenMs) / later : null
}

/** A field that every successful request has. */
export function required(request: RequestRecord, field: 'scheduledMs' | 'sentMs' | 'endMs' | 'outputTokens'): number {
  const value = request[field]
  if (value !== null) return value
  throw new ActionError(
    'invalid',
    `Request ${request.index} of "${request.scenario}" in trial ${request.trial} counts as successful but has no ${field}.`,
    'The recording is damaged or was written by something else. Measure again.',
  )
}
