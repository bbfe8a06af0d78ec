import type { Part } from '../api/api.ts'
import { oneLine } from '../http/capture.ts'

/** What an answer holds, before it is judged. Token times are null where nothing was streamed. */
export interface Answer {
  readonly firstTokenMs: number | null
  readonly lastTokenMs: number | null
  /** Last byte of content: the last text or the finish reason, whichever came later; of the body without streaming. */
  readonly endMs: number | null
  /** Events that held text. */
  readonly chunks: number
  readonly hasText: boolean
  /** Tokens in the first event with text: as counted in that event, else 1. */
  readonly firstChunkTokens: number | null
  readonly promptTokens: number | null
  readonly outputTokens: number | null
  readonly cachedTokens: number | null
  readonly finishReason: string | null
  readonly isDone: boolean
  /** The body ends in the middle of an event. */
  readonly isCut: boolean
  /** Message of an error inside the answer. */
  readonly error: string | null
  /** What could not be read. */
  readonly malformed: string | null
}

export type AnswerDraft = { -readonly [K in keyof Answer]: Answer[K] }

export function emptyAnswer(): AnswerDraft {
  return {
    firstTokenMs: null,
    lastTokenMs: null,
    endMs: null,
    chunks: 0,
    hasText: false,
    firstChunkTokens: null,
    promptTokens: null,
    outputTokens: null,
    cachedTokens: null,
    finishReason: null,
    isDone: false,
    isCut: false,
    error: null,
    malformed: null,
  }
}

/** Finish reasons that say that the server gave up, even when everything else looks complete (vLLM on SIGTERM). */
const gaveUp = new Set(['abort', 'aborted', 'error', 'cancelled', 'canceled', 'timeout', 'content_filter'])

export function hasGivenUp({ finishReason }: Pick<Answer, 'finishReason'>): boolean {
  return finishReason !== null && gaveUp.has(finishReason)
}

/** Facts that a later event may repeat or complete: the last one said counts, but for what cannot be taken back. */
export function takeFacts(part: Part, draft: AnswerDraft): void {
  draft.error ??= part.error === null ? null : oneLine(part.error)
  if (!hasGivenUp(draft)) draft.finishReason = part.finishReason ?? draft.finishReason
  draft.isDone ||= part.isDone
  draft.promptTokens = part.promptTokens ?? draft.promptTokens
  draft.outputTokens = part.outputTokens ?? draft.outputTokens
  draft.cachedTokens = part.cachedTokens ?? draft.cachedTokens
}
