/** A character is at most four UTF-8 bytes, so at most four byte tokens. */
const longestCharacter = 4
const replacement = '\uFFFD'

/** Turns tokens into text as they come, without tearing a character whose bytes are several tokens. */
export interface TextStream<T> {
  /** The text that is complete with this token; null while a character is still open. */
  push(token: T): string | null
  /** What is still held back when no more tokens come; null when nothing is. */
  flush(): string | null
}

export function createTextStream<T>(detokenize: (tokens: T[]) => string): TextStream<T> {
  let held: T[] = []
  const release = (text: string): string => {
    held = []
    return text
  }
  return {
    push(token) {
      held.push(token)
      const text = detokenize(held)
      return text.endsWith(replacement) && held.length < longestCharacter ? null : release(text)
    },
    flush: () => (held.length === 0 ? null : release(detokenize(held))),
  }
}
