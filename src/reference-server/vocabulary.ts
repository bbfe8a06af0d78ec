const firstId = 1000

/** A tokenizer that makes one token of each word, with an id of its own for each. */
export class Vocabulary {
  readonly #ids = new Map<string, number>()

  idsOf(text: string): number[] {
    return wordsOf(text).map((word) => {
      const known = this.#ids.get(word)
      if (known !== undefined) return known
      const id = firstId + this.#ids.size
      this.#ids.set(word, id)
      return id
    })
  }
}

/** Tokens in a prompt: ids as given, or the words of a text. */
export function countTokens(prompt: unknown): number {
  if (Array.isArray(prompt)) return prompt.length
  return typeof prompt === 'string' ? wordsOf(prompt).length : 0
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
