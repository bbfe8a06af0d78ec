import type { StreamEvent } from './event-stream.ts'

const quote = 34
const backslash = 92
const firstPrintable = 32
const probe = 'probe'

/**
 * What an event of a stream looks like around its text. Most servers send one event after another that differ in
 * nothing else, and those need no parsing: whatever stands between the same characters as before, and holds no quote,
 * backslash or control character, is the text, since JSON allows nothing else inside a text.
 */
export class TextTemplate {
  readonly #before: string
  readonly #after: string
  /** Characters at its end that come after the event is complete: the line feed of a CRLF. */
  readonly #afterComplete: number
  /** Of the event that was recognised last. */
  textStart = 0
  textEnd = 0

  private constructor(before: string, after: string, afterComplete: number) {
    this.#before = before
    this.#after = after
    this.#afterComplete = afterComplete
  }

  /**
   * Learns from an event whose text is known. Null where the text cannot be made out for certain.
   * @param readText the text of an event's data, if it says nothing but text; else null
   */
  static learn(
    body: string,
    event: StreamEvent,
    text: string,
    readText: (data: string) => string | null,
  ): TextTemplate | null {
    const literal = `"${text}"`
    const at = event.data.indexOf(literal)
    if (at === -1) return null
    const [before, after] = [event.data.slice(0, at + 1), event.data.slice(at + 1 + text.length)]
    // The same characters can stand elsewhere, even in a key: only another text in their place tells.
    if (readText(`${before}${probe}${after}`) !== probe) return null
    const raw = body.slice(event.start, event.end)
    const rawAt = raw.indexOf(event.data)
    if (rawAt === -1) return null
    const textStart = rawAt + at + 1
    return new TextTemplate(raw.slice(0, textStart), raw.slice(textStart + text.length), event.end - event.completeAt)
  }

  /** Where the event that begins at `start` ends, if it is one of these; else -1. */
  match(body: string, start: number): number {
    const textStart = start + this.#before.length
    // Comparing slices is a comparison of memory; startsWith goes character by character.
    if (body.slice(start, textStart) !== this.#before) return -1
    let end = textStart
    for (;;) {
      const code = body.charCodeAt(end)
      if (code === quote) break
      // NaN behind the end of the body is not at least the first printable one either.
      if (!(code >= firstPrintable) || code === backslash) return -1
      end += 1
    }
    const next = end + this.#after.length
    if (body.slice(end, next) !== this.#after) return -1
    this.textStart = textStart
    this.textEnd = end
    return next
  }

  /** The character that completes an event which ends at `end`. */
  completeAt(end: number): number {
    return end - this.#afterComplete
  }
}
