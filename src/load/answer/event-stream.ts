import type { Chunk } from '../http/capture.ts'

/** One server-sent event. */
export interface StreamEvent {
  /** The `event:` field; null when there is none. */
  readonly name: string | null
  readonly data: string
  /** When the packet arrived that completed the event. */
  readonly atMs: number
}

/**
 * Splits a body into server-sent events. Lines end in LF, CRLF or CR; `data:` may lack its space; comments are
 * skipped; an event may span packets and a packet hold several events; a character may be cut in the middle; the last
 * event may lack its blank line. Never throws: bytes that are no events give none.
 *
 * Source: WHATWG HTML, section 9.2.6 (interpreting an event stream), but for the last event without a blank line,
 * which is kept here.
 */
export function splitEvents(chunks: readonly Chunk[]): StreamEvent[] {
  const decoder = new TextDecoder()
  const events = new EventCollector()
  let unfinished = ''
  // A CR ends its line at once; the LF of a CRLF may only come with the next packet.
  let skipsLineFeed = false
  for (const { bytes, atMs } of chunks) {
    let text = decoder.decode(bytes, { stream: true })
    if (text === '') continue
    if (skipsLineFeed && text.startsWith('\n')) text = text.slice(1)
    skipsLineFeed = text.endsWith('\r')
    let start = 0
    for (const ending of text.matchAll(/\r\n|\n|\r/g)) {
      events.takeLine(unfinished + text.slice(start, ending.index), atMs)
      unfinished = ''
      start = ending.index + ending[0].length
    }
    unfinished += text.slice(start)
  }
  const lastMs = chunks.at(-1)?.atMs ?? 0
  events.takeLine(unfinished + decoder.decode(), lastMs)
  events.takeLine('', lastMs)
  return events.all
}

class EventCollector {
  readonly all: StreamEvent[] = []
  #data: string[] = []
  #name: string | null = null

  takeLine(line: string, atMs: number): void {
    if (line === '') {
      this.#complete(atMs)
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') this.#data.push(value)
    if (field === 'event') this.#name = value
  }

  #complete(atMs: number): void {
    const data = this.#data.join('\n')
    if (data !== '') this.all.push({ name: this.#name, data, atMs })
    this.#data = []
    this.#name = null
  }
}
