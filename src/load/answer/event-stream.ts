import type { PacketText } from './packet-text.ts'

/** Takes the events of a stream as they are found. */
export interface EventTaker {
  /**
   * Called where an event begins; a taker that knows an event by its looks takes it here, unread.
   * @returns where the next event begins, or -1 to have it read
   */
  takeKnown(start: number): number
  /** Called with the data of each event that has any. */
  take(event: StreamEvent): void
}

/** One event of a stream. */
export interface StreamEvent {
  /** The `event:` field; null when there is none. */
  readonly name: string | null
  readonly data: string
  /** Where its characters are in the text, the line ends behind it included. */
  readonly start: number
  readonly end: number
  /** The event is complete with the character before this one; the line feed of a CRLF may come later. */
  readonly completeAt: number
  /** The body ended before the event did. */
  readonly isCut: boolean
}

const lineFeed = 10
const space = 32

/**
 * Reads server-sent events. Lines end in LF, CRLF or CR; `data:` may lack its space; comments are skipped. Never throws:
 * text that is no events gives none.
 *
 * Source: WHATWG HTML, section 9.2.6 (interpreting an event stream), but for an event at the very end without its blank
 * line, which is kept here, and for the field `error:` that older builds of llama-server send.
 */
export function readEvents({ text }: PacketText, taker: EventTaker): void {
  const lines = new Lines(text)
  const fields = new Fields()
  let start = 0
  for (;;) {
    if (start === lines.next) {
      const known = taker.takeKnown(start)
      if (known >= 0) {
        start = known
        lines.next = known
        continue
      }
    }
    const isLine = lines.advance()
    if (isLine && lines.end > lines.start) {
      fields.takeLine(text, lines)
      continue
    }
    const { name, data } = fields
    if (data !== null && data !== '') {
      taker.take({ name, data, start, end: lines.next, completeAt: lines.completeAt, isCut: !isLine })
    }
    if (!isLine) return
    fields.clear()
    start = lines.next
  }
}

/** Reads one event a line, as in newline-delimited JSON; blank lines are skipped. */
export function readLines({ text }: PacketText, taker: EventTaker): void {
  const lines = new Lines(text)
  for (;;) {
    const known = taker.takeKnown(lines.next)
    if (known >= 0) {
      lines.next = known
      continue
    }
    const isLine = lines.advance()
    const { start, end, next, completeAt } = lines
    const data = text.slice(start, end)
    const isCut = end === text.length
    if (data.trim() !== '') taker.take({ name: null, data, start, end: next, completeAt, isCut })
    if (!isLine) return
  }
}

/** Walks over the lines of a text. The last one may lack its line end. */
class Lines {
  readonly #text: string
  #lf: number
  #cr: number
  /** The present line, without its line end. */
  start = 0
  end = 0
  completeAt = 0
  /** Where the next line begins. */
  next = 0

  constructor(text: string) {
    this.#text = text
    this.#lf = this.#find('\n', 0)
    this.#cr = this.#find('\r', 0)
  }

  /** Goes to the next line; false at the end of the text, where the present line is empty. */
  advance(): boolean {
    const text = this.#text
    this.start = this.next
    if (this.start >= text.length) {
      this.end = this.completeAt = text.length
      return false
    }
    if (this.#lf < this.start) this.#lf = this.#find('\n', this.start)
    if (this.#cr < this.start) this.#cr = this.#find('\r', this.start)
    this.end = Math.min(this.#lf, this.#cr)
    this.completeAt = Math.min(this.end + 1, text.length)
    const isCrLf = this.#cr < this.#lf && text.charCodeAt(this.end + 1) === lineFeed
    this.next = this.completeAt + (isCrLf ? 1 : 0)
    return true
  }

  #find(mark: string, from: number): number {
    const place = this.#text.indexOf(mark, from)
    return place === -1 ? this.#text.length : place
  }
}

/** The fields of one event, as far as they matter. */
class Fields {
  name: string | null = null
  data: string | null = null

  clear(): void {
    this.name = null
    this.data = null
  }

  takeLine(text: string, { start, end }: Lines): void {
    if (text.startsWith('data:', start)) {
      this.#addData(text.slice(valueStart(text, start + 5), end))
      return
    }
    const line = text.slice(start, end)
    const mark = line.indexOf(':')
    const field = mark === -1 ? line : line.slice(0, mark)
    const value = mark === -1 ? '' : line.slice(valueStart(line, mark + 1))
    if (field === 'data' || field === 'error') this.#addData(value)
    if (field === 'event') this.name = value
    if (field === 'error') this.name = 'error'
  }

  #addData(value: string): void {
    this.data = this.data === null ? value : `${this.data}\n${value}`
  }
}

/** One space after the colon does not belong to the value. */
function valueStart(text: string, start: number): number {
  return text.charCodeAt(start) === space ? start + 1 : start
}
