import type { ApiConfig } from '../../model/config.ts'
import type { Api, Part } from '../api/api.ts'
import { asObject, errorMessage } from '../api/json.ts'
import { bodyText, type Capture, oneLine } from '../http/capture.ts'
import { type StreamEvent, splitEvents } from './event-stream.ts'

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
  /** Message of an error inside the answer. */
  readonly error: string | null
  /** What could not be read. */
  readonly malformed: string | null
}

type Draft = { -readonly [K in keyof Answer]: Answer[K] }

/** Reads a captured answer with status 200, whole or cut. Never throws. */
export function readAnswer(capture: Capture, api: Api, config: ApiConfig, streaming: boolean): Answer {
  const draft = emptyAnswer()
  if (streaming) readStream(capture, api, config, draft)
  else readBody(capture, api, config, draft)
  return draft
}

function emptyAnswer(): Draft {
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
    error: null,
    malformed: null,
  }
}

function readBody(capture: Capture, api: Api, config: ApiConfig, draft: Draft): void {
  const text = bodyText(capture)
  const value = asObject(parse(text))
  if (!value) {
    draft.malformed = `The body is not a JSON object: ${oneLine(text) || '(empty)'}`
    return
  }
  const part = api.read(value, config)
  takeFacts(part, draft)
  draft.hasText = part.text !== ''
  draft.endMs = capture.chunks.at(-1)?.atMs ?? null
}

function readStream(capture: Capture, api: Api, config: ApiConfig, draft: Draft): void {
  const events = splitEvents(capture.chunks)
  if (events.length === 0) readBodyInsteadOfStream(capture, draft)
  for (const event of events) {
    if (event.data.trim() === '[DONE]') draft.isDone = true
    else takeEvent(event, api, config, draft)
  }
}

function takeEvent(event: StreamEvent, api: Api, config: ApiConfig, draft: Draft): void {
  const value = asObject(parse(event.data))
  if (event.name === 'error') {
    draft.error ??= oneLine(errorMessage(value?.error) ?? event.data)
    return
  }
  if (!value) {
    draft.malformed ??= `An event is not a JSON object: ${oneLine(event.data)}`
    return
  }
  const part = api.read(value, config)
  takeFacts(part, draft)
  if (part.text !== '') {
    draft.hasText = true
    draft.chunks += 1
    draft.firstTokenMs ??= event.atMs
    draft.firstChunkTokens ??= part.outputTokens || 1
    draft.lastTokenMs = event.atMs
  }
  // A finish reason ends the content even without text: tokens may end in half a character that never became text.
  if (part.text !== '' || part.finishReason !== null) draft.endMs = event.atMs
}

/** Facts that a later event may repeat or complete: the last one said counts. */
function takeFacts(part: Part, draft: Draft): void {
  draft.error ??= part.error === null ? null : oneLine(part.error)
  draft.finishReason = part.finishReason ?? draft.finishReason
  draft.isDone ||= part.isDone
  draft.promptTokens = part.promptTokens ?? draft.promptTokens
  draft.outputTokens = part.outputTokens ?? draft.outputTokens
  draft.cachedTokens = part.cachedTokens ?? draft.cachedTokens
}

/** Some servers answer a streaming request that they cannot serve with a plain JSON error and status 200. */
function readBodyInsteadOfStream(capture: Capture, draft: Draft): void {
  const text = bodyText(capture)
  if (text.trim() === '') return
  draft.error = errorMessage(asObject(parse(text))?.error)
  if (draft.error === null) draft.malformed = `The body is not an event stream: ${oneLine(text)}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
