import { ActionError } from '../errors.ts'
import type { RequestRecord } from '../model/request.ts'

/**
 * End-to-end latency: request sent to last byte of content.
 * @throws ActionError when a request that counts as successful lacks a time: such a record is broken
 */
export function latencyMs(request: RequestRecord): number {
  return required(request, 'endMs') - required(request, 'sentMs')
}

/** Time to first token of each request; null when any request has none, as without streaming. */
export function firstTokenDelaysMs(requests: readonly RequestRecord[]): number[] | null {
  const delays: number[] = []
  for (const request of requests) {
    if (request.firstTokenMs === null) return null
    delays.push(request.firstTokenMs - required(request, 'sentMs'))
  }
  return delays.length > 0 ? delays : null
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
export function required(request: RequestRecord, field: 'sentMs' | 'endMs' | 'outputTokens'): number {
  const value = request[field]
  if (value !== null) return value
  throw new ActionError(
    'invalid',
    `Request ${request.index} of "${request.scenario}" in trial ${request.trial} counts as successful but has no ${field}.`,
    'The recording is damaged or was written by something else. Measure again.',
  )
}
