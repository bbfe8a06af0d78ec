import type { Outcome, RequestRecord } from '../model/request.ts'
import type { JudgedAnswer } from './answer/judge-answer.ts'
import { type Capture, oneLine } from './http/capture.ts'
import type { Departure } from './loop/shot.ts'

/** Outcomes whose content came to its end, so that the end has a time. */
export const completeOutcomes: ReadonlySet<Outcome> = new Set(['ok', 'no-text', 'no-usage', 'wrong-length'])

/**
 * Our own delay in sending a request: from when it was due and had a connection until it was written to the socket. Null
 * when it was never sent.
 */
export function clientLagMs(departure: Departure | null, { scheduledMs, sentMs }: Capture): number | null {
  return sentMs === null ? null : sentMs - (departure?.readyMs ?? scheduledMs)
}

/**
 * The line of the recording for one measured request.
 * @param departure null in a closed loop, where a request is due when it is sent
 */
export function recordOf(
  place: Pick<RequestRecord, 'trial' | 'scenario' | 'index'>,
  departure: Departure | null,
  capture: Capture,
  { answer, outcome, detail }: JudgedAnswer,
): RequestRecord {
  return {
    trial: place.trial,
    scenario: place.scenario,
    index: place.index,
    scheduledMs: departure?.dueMs ?? capture.scheduledMs,
    sentMs: capture.sentMs,
    firstByteMs: capture.firstByteMs,
    firstTokenMs: answer.firstTokenMs,
    lastTokenMs: answer.lastTokenMs,
    endMs: completeOutcomes.has(outcome) ? answer.endMs : null,
    promptTokens: answer.promptTokens,
    outputTokens: answer.outputTokens,
    firstChunkTokens: answer.firstChunkTokens,
    chunks: answer.chunks,
    cachedTokens: answer.cachedTokens,
    status: capture.status,
    outcome,
    detail: detail === null ? null : oneLine(detail),
  }
}
