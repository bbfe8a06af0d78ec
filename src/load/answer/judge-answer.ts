import type { ApiConfig } from '../../model/config.ts'
import type { Outcome } from '../../model/request.ts'
import type { Api } from '../api/api.ts'
import { type Capture, describeCapture, type TransportFailure } from '../http/capture.ts'
import { type Answer, readAnswer } from './read-answer.ts'

/** What was asked for, as far as success depends on it. */
export interface Expectation {
  readonly api: Api
  readonly config: ApiConfig
  readonly outputTokens: number
  readonly streaming: boolean
}

export interface JudgedAnswer {
  readonly answer: Answer
  readonly outcome: Outcome
  /** Why it failed; null for `ok`. */
  readonly detail: string | null
}

/** Finish reasons that say that the server gave up, even when everything else looks complete (vLLM on SIGTERM). */
const gaveUp = new Set(['abort', 'aborted', 'error', 'cancelled', 'canceled', 'timeout', 'content_filter'])

/** Reads an answer and decides, strictly, whether it is a success. */
export function judgeAnswer(capture: Capture, expected: Expectation): JudgedAnswer {
  const read = readAnswer(capture, expected.api, expected.config, expected.streaming)
  const isTrusted = expected.api.countSource(expected.config) === 'requested'
  const answer = isTrusted ? { ...read, outputTokens: expected.outputTokens } : read
  const failure = findFailure(capture, read, answer, expected)
  return { answer, outcome: failure?.outcome ?? 'ok', detail: failure?.detail ?? null }
}

function findFailure(capture: Capture, read: Answer, answer: Answer, expected: Expectation): TransportFailure | null {
  if (capture.failure?.outcome === 'aborted') return capture.failure
  if (capture.status !== null && capture.status !== 200) {
    return { outcome: 'http-error', detail: describeCapture(capture) }
  }
  if (capture.failure) return capture.failure
  if (answer.error !== null) {
    return { outcome: 'stream-error', detail: `The answer holds an error: ${answer.error}` }
  }
  if (answer.malformed !== null) return { outcome: 'malformed', detail: answer.malformed }
  if (answer.finishReason !== null && gaveUp.has(answer.finishReason)) {
    return { outcome: 'stream-error', detail: `The server gave up: finish_reason "${answer.finishReason}".` }
  }
  const missing = expected.api.missingEnd(read, expected.streaming)
  if (missing !== null) return { outcome: 'truncated', detail: `The answer ended without ${missing}.` }
  return findWrongContent(answer, expected.outputTokens)
}

function findWrongContent(answer: Answer, outputTokens: number): TransportFailure | null {
  if (!answer.hasText) return { outcome: 'no-text', detail: 'The answer holds no text.' }
  if (answer.outputTokens === null) {
    return { outcome: 'no-usage', detail: 'The answer does not say how many tokens it holds.' }
  }
  if (answer.outputTokens !== outputTokens) {
    const detail = `${answer.outputTokens} output tokens instead of ${outputTokens} (finish_reason ${answer.finishReason}).`
    return { outcome: 'wrong-length', detail }
  }
  return null
}
