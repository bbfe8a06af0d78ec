import type { Outcome } from '../../model/request.ts'
import { type Capture, describeCapture, type TransportFailure } from '../http/capture.ts'
import { type Answer, hasGivenUp } from './answer.ts'
import { type Reading, readAnswer } from './read-answer.ts'

/** What was asked for, as far as success depends on it. */
export interface Expectation extends Reading {
  readonly outputTokens: number
  /** Fewer are as good, where the model itself ended the answer. */
  readonly mayEndEarly?: boolean
}

export interface JudgedAnswer {
  readonly answer: Answer
  readonly outcome: Outcome
  /** Why it failed; null for `ok`. */
  readonly detail: string | null
}

const neverForced =
  'This API cannot forbid the model to end early: let it (output-length: at-most), ask for fewer output tokens, or use an API of the server that can.'
/** What APIs call an end that was not the model's own. */
const cutShort = new Set(['length', 'limit', 'max_tokens'])

/** Reads an answer and decides, strictly, whether it is a success. */
export function judgeAnswer(capture: Capture, expected: Expectation): JudgedAnswer {
  const read = readAnswer(capture, expected)
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
  if (hasGivenUp(answer)) {
    return { outcome: 'stream-error', detail: `The server gave up: finish_reason "${answer.finishReason}".` }
  }
  if (answer.isCut) return { outcome: 'truncated', detail: 'The answer ends in the middle of an event.' }
  const missing = expected.api.missingEnd(read, expected.streaming, expected.config)
  if (missing !== null) return { outcome: 'truncated', detail: `The answer ended without ${missing}.` }
  return findWrongContent(answer, expected)
}

function findWrongContent(answer: Answer, expected: Expectation): TransportFailure | null {
  const { api, outputTokens, mayEndEarly = false } = expected
  if (!answer.hasText) return { outcome: 'no-text', detail: 'The answer holds no text.' }
  if (answer.outputTokens === null) {
    return { outcome: 'no-usage', detail: 'The answer does not say how many tokens it holds.' }
  }
  if (answer.outputTokens !== outputTokens) {
    const isEarly = answer.outputTokens < outputTokens
    // Fewer than asked for, and yet at a limit: it was the server's own.
    if (isEarly && mayEndEarly && !cutShort.has(answer.finishReason ?? '')) return null
    // An answer of another length is other work; only the user can choose a length that this model reaches.
    const advice = isEarly && !mayEndEarly && !api.forcesLength ? ` ${neverForced}` : ''
    const seen = `${answer.outputTokens} output tokens instead of ${outputTokens} (finish_reason ${answer.finishReason}).`
    return { outcome: 'wrong-length', detail: seen + advice }
  }
  return null
}
