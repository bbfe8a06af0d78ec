import type { ApiConfig } from '../../model/config.ts'
import type { Api } from '../api/api.ts'
import { asObject } from '../api/json.ts'
import { bodyText, type Capture, oneLine } from '../http/capture.ts'
import { type Answer, type AnswerDraft, emptyAnswer, takeFacts } from './answer.ts'
import { readEvents, readLines } from './event-stream.ts'
import { PacketText } from './packet-text.ts'
import { parseJson } from './parse-json.ts'
import { StreamReader } from './stream-reader.ts'

/** How to read an answer. */
export interface Reading {
  readonly api: Api
  readonly config: ApiConfig
  readonly streaming: boolean
  /** Is given the text of each event, as it came (see Api.repeatsText). */
  readonly onText?: (text: string) => void
}

/** Reads a captured answer with status 200, whole or cut. Never throws. */
export function readAnswer(capture: Capture, reading: Reading): Answer {
  const draft = emptyAnswer()
  if (!reading.streaming) readBody(capture, reading, draft)
  else if (reading.api.streamFormat(reading.config) === 'text') readBareText(capture, reading, draft)
  else readStream(capture, reading, draft)
  return draft
}

function readBody(capture: Capture, { api, config, onText }: Reading, draft: AnswerDraft): void {
  const text = bodyText(capture)
  const value = asObject(parseJson(text))
  if (!value) {
    draft.malformed = `The body is not a JSON object: ${oneLine(text) || '(empty)'}`
    return
  }
  const part = api.read(value, config)
  takeFacts(part, draft)
  draft.hasText = part.text !== ''
  draft.endMs = capture.body.lastMs
  onText?.(part.text)
}

function readStream(capture: Capture, reading: Reading, draft: AnswerDraft): void {
  const { api, config, onText } = reading
  const body = new PacketText(capture.body)
  const reader = new StreamReader(body, api, config, draft, onText)
  if (api.streamFormat(config) === 'ndjson') readLines(body, reader)
  else readEvents(body, reader)
  if (reader.events === 0) readBodyInsteadOfStream(body.text, reading, draft)
}

/** A stream of nothing but text: each packet that completes a character is a chunk of it. */
function readBareText({ body }: Capture, { onText }: Reading, draft: AnswerDraft): void {
  const { text, ends } = new PacketText(body)
  let start = 0
  for (const [packet, end] of ends.entries()) {
    if (end === start) continue
    const atMs = body.stampsMs[packet] ?? 0
    draft.chunks += 1
    draft.firstTokenMs ??= atMs
    draft.lastTokenMs = atMs
    onText?.(text.slice(start, end))
    start = end
  }
  draft.hasText = text !== ''
  draft.firstChunkTokens = draft.hasText ? 1 : null
  draft.endMs = draft.lastTokenMs
}

/** Some servers answer a streaming request that they cannot serve with a plain JSON error and status 200. */
function readBodyInsteadOfStream(text: string, { api, config }: Reading, draft: AnswerDraft): void {
  if (text.trim() === '') return
  const value = asObject(parseJson(text))
  const error = value && api.read(value, config).error
  if (error) draft.error = oneLine(error)
  else draft.malformed = `The body is not an event stream: ${oneLine(text)}`
}
