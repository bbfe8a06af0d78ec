import type { Outcome, RequestRecord } from '../model/request.ts'
import type { JudgedAnswer } from './answer/judge-answer.ts'
import { type Capture, oneLine } from './http/capture.ts'

/** Outcomes whose content came to its end, so that the end has a time. */
const completeOutcomes: ReadonlySet<Outcome> = new Set(['ok', 'no-text', 'no-usage', 'wrong-length'])

/** The line of the recording for one measured request. */
export function recordOf(
  place: Pick<RequestRecord, 'trial' | 'scenario' | 'index'>,
  capture: Capture,
  { answer, outcome, detail }: JudgedAnswer,
): RequestRecord {
  return {
    trial: place.trial,
    scenario: place.scenario,
    index: place.index,
    scheduledMs: capture.scheduledMs,
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
