import type { ApiConfig } from '../../model/config.ts'
import type { Api, Part } from '../api/api.ts'
import { asObject, errorMessage } from '../api/json.ts'
import { oneLine } from '../http/capture.ts'
import { type AnswerDraft, takeFacts } from './answer.ts'
import type { EventTaker, StreamEvent } from './event-stream.ts'
import type { PacketText } from './packet-text.ts'
import { parseJson } from './parse-json.ts'
import { TextTemplate } from './text-template.ts'

/** A server whose events differ in more than their text is not asked again for a pattern that it does not have. */
const mostVainLessons = 3
/** A text with a quote or a line break passes a pattern by; the second event in a row means that the pattern changed. */
const missesUntilNextLesson = 2
/** An answer of one event has no use for a pattern. */
const fewestChunks = 2

/** Gathers an answer from the events of a stream. */
export class StreamReader implements EventTaker {
  /** Events that held data. */
  events = 0
  readonly #body: PacketText
  readonly #api: Api
  readonly #config: ApiConfig
  readonly #draft: AnswerDraft
  readonly #onText: ((text: string) => void) | undefined
  #template: TextTemplate | null = null
  #vainLessons = 0
  #misses = 0
  #lastText = ''

  constructor(
    body: PacketText,
    api: Api,
    config: ApiConfig,
    draft: AnswerDraft,
    onText: ((text: string) => void) | undefined,
  ) {
    this.#body = body
    this.#api = api
    this.#config = config
    this.#draft = draft
    this.#onText = onText
  }

  takeKnown(start: number): number {
    const template = this.#template
    if (template === null) return -1
    const end = template.match(this.#body.text, start)
    if (end === -1) return -1
    this.events += 1
    this.#vainLessons = 0
    this.#misses = 0
    if (template.textEnd > template.textStart) {
      this.#takeText(this.#body.stampMs(template.completeAt(end)), 1)
      this.#onText?.(this.#body.text.slice(template.textStart, template.textEnd))
    }
    return end
  }

  take(event: StreamEvent): void {
    this.events += 1
    if (event.data.trim() === '[DONE]') {
      this.#end()
      return
    }
    const value = asObject(parseJson(event.data))
    if (event.name === 'error') {
      this.#draft.error ??= oneLine((value && errorMessage(value.error)) ?? event.data)
      return
    }
    if (value) this.#takePart(this.#api.read(value, this.#config), event)
    // Where nothing was an event before, this is no cut stream but something else.
    else if (event.isCut && this.events > 1 && !this.#draft.isDone) this.#draft.isCut = true
    else this.#draft.malformed ??= `An event is not a JSON object: ${oneLine(event.data)}`
  }

  #takePart(part: Part, event: StreamEvent): void {
    const draft = this.#draft
    const atMs = this.#body.stampMs(event.completeAt)
    const isNew = part.text !== '' && (!this.#api.repeatsText || this.#isNewText(part))
    if (isNew && draft.isDone) {
      draft.malformed ??= `Text came after the end of the answer: ${oneLine(event.data)}`
      return
    }
    takeFacts(part, draft)
    if (isNew) {
      this.#takeText(atMs, part.outputTokens || 1)
      this.#onText?.(part.text)
    }
    // A finish reason ends the content even without text: tokens may end in half a character that never became text.
    if (part.finishReason !== null) draft.endMs = atMs
    if (part.isDone) this.#end()
    else if (isNew) this.#learn(part, event)
  }

  #takeText(atMs: number, tokens: number): void {
    const draft = this.#draft
    draft.hasText = true
    draft.chunks += 1
    draft.firstTokenMs ??= atMs
    draft.firstChunkTokens ??= tokens
    draft.lastTokenMs = atMs
    draft.endMs = atMs
  }

  /** All of the text so far: new if there is more of it, or more tokens in it that are no whole character yet. */
  #isNewText({ text, outputTokens }: Part): boolean {
    const isNew = text !== this.#lastText || (outputTokens ?? 0) > (this.#draft.outputTokens ?? 0)
    this.#lastText = text
    return isNew
  }

  #learn(part: Part, event: StreamEvent): void {
    if (this.#draft.chunks < fewestChunks || this.#vainLessons >= mostVainLessons) return
    if (this.#api.repeatsText || !isBareText(part)) return
    this.#misses += 1
    if (this.#template !== null && this.#misses < missesUntilNextLesson) return
    this.#misses = 0
    this.#vainLessons += 1
    const readText = (data: string): string | null => {
      const value = asObject(parseJson(data))
      const read = value && this.#api.read(value, this.#config)
      return read && isBareText(read) ? read.text : null
    }
    this.#template = TextTemplate.learn(this.#body.text, event, part.text, readText) ?? this.#template
  }

  /** Behind the end every event is read for what it is. */
  #end(): void {
    this.#draft.isDone = true
    this.#template = null
    this.#vainLessons = mostVainLessons
  }
}

/** True for an event that says nothing but its text. */
function isBareText(part: Part): boolean {
  return (
    part.finishReason === null &&
    part.error === null &&
    !part.isDone &&
    part.promptTokens === null &&
    part.outputTokens === null &&
    part.cachedTokens === null
  )
}
