import type { RequestRecord } from '../model/request.ts'
import type { MetricSample, Span } from './definition.ts'
import { required } from './request-times.ts'

/** A steady part shorter than this part of the window says less than the whole window with its ramp and drain. */
const leastSteadyPart = 0.25

/** What of a window is looked at for throughput. */
export interface MeasuredWindow extends Span {
  readonly steadyStartMs: number
  readonly steadyEndMs: number
}

/**
 * The steady part of a window, where it is long enough, else the whole. While the load runs out at the end of a closed
 * loop, throughput falls for a reason that is not the server's.
 */
export function throughputSpan({ startMs, endMs, steadyStartMs, steadyEndMs }: MeasuredWindow): Span {
  const isEnough = steadyEndMs - steadyStartMs >= leastSteadyPart * (endMs - startMs)
  return isEnough ? { startMs: steadyStartMs, endMs: steadyEndMs } : { startMs, endMs }
}

/** Output tokens per second within the span. */
export function tokensWithin({ requests, throughputSpan: span }: MetricSample): number {
  return perSecond(
    requests.reduce((sum, request) => sum + tokensOf(request, span), 0),
    span,
  )
}

/** Requests per second within the span, of all or of some: one that lies in it by half counts half. */
export function requestsWithin({ requests: all, throughputSpan: span }: MetricSample, some = all): number {
  return perSecond(
    some.reduce((sum, request) => sum + partWithin(wholeTime(request), span), 0),
    span,
  )
}

/**
 * Tokens of a request that came within the span. The first chunk's came at its moment, the others are spread evenly up
 * to the last; without streaming, all of them over the whole time of the request.
 */
function tokensOf(request: RequestRecord, span: Span): number {
  const tokens = required(request, 'outputTokens')
  const { firstTokenMs, lastTokenMs, firstChunkTokens } = request
  if (firstTokenMs === null || lastTokenMs === null) return tokens * partWithin(wholeTime(request), span)
  const first = Math.min(tokens, firstChunkTokens ?? 1)
  const firstPart = partWithin({ startMs: firstTokenMs, endMs: firstTokenMs }, span)
  return first * firstPart + (tokens - first) * partWithin({ startMs: firstTokenMs, endMs: lastTokenMs }, span)
}

function wholeTime(request: RequestRecord): Span {
  return { startMs: required(request, 'sentMs'), endMs: required(request, 'endMs') }
}

/** 0 to 1; a moment is within or not. */
function partWithin({ startMs, endMs }: Span, span: Span): number {
  if (!(endMs > startMs)) return startMs >= span.startMs && startMs <= span.endMs ? 1 : 0
  return Math.max(0, Math.min(endMs, span.endMs) - Math.max(startMs, span.startMs)) / (endMs - startMs)
}

function perSecond(amount: number, { startMs, endMs }: Span): number {
  return (amount * 1000) / (endMs - startMs)
}

/**
 * Requests sent per second of an open loop, up to the last one that succeeded. Their numbers follow the schedule, so the
 * failed ones among them count too.
 */
export function achievedRate(requests: readonly RequestRecord[], { startMs }: Span): number {
  const last = requests.reduce((latest, request) => (request.index > latest.index ? request : latest))
  return ((last.index + 1) * 1000) / (required(last, 'sentMs') - startMs)
}
