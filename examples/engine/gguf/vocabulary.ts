/** A byte-level BPE vocabulary in the form that the GGUF metadata wants. Token ids are positions in `tokens`. */
export interface Vocabulary {
  readonly tokens: readonly string[]
  readonly merges: readonly string[]
  /** First id past the bytes: ids from here up to `controlStart` are readable syllables and words. */
  readonly wordStart: number
  readonly controlStart: number
}

const byteTokens = 256
export const controlTokens = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const
const consonants = [...'bdfghjklmnprstvz']
const vowels = [...'aeiou']

/**
 * GPT-2's spelling of byte values as printable characters: printable Latin-1 stands for itself, all other bytes are
 * counted up from U+0100. So a space is "Ġ". Source: the byte encoder published with GPT-2.
 */
function byteSpellings(): string[] {
  let next = 0x100
  return Array.from({ length: byteTokens }, (_, byte) => {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad)
    return String.fromCharCode(printable ? byte : next++)
  })
}

/**
 * Bytes, 80 syllables, the syllables after a space, words of two and three syllables after a space, control tokens.
 * Any text tokenizes, and what the model says reads as pseudo-words. A text of words, each after a space, has one token
 * a word. Merges stand in the order in which words grow, so that no rare merge can block a longer word.
 * @param size total number of tokens, at least 1000.
 */
export function buildVocabulary(size: number): Vocabulary {
  const bytes = byteSpellings()
  const space = bytes[0x20] ?? ''
  const syllables = consonants.flatMap((consonant) => vowels.map((vowel) => consonant + vowel))
  const syllable = (index: number): string => syllables[index % syllables.length] ?? ''
  const words = size - byteTokens - 2 * syllables.length - controlTokens.length
  const short = Math.ceil(words / 2)
  const parts: [string, string][] = [
    ...syllables.map((text): [string, string] => [text.charAt(0), text.charAt(1)]),
    ...syllables.map((text): [string, string] => [space, text]),
  ]
  for (let word = 0; word < short; word++) {
    parts.push([space + syllable(word), syllable(Math.floor(word / syllables.length))])
  }
  for (let word = 0; word < words - short; word++) {
    const start = space + syllable(word) + syllable(Math.floor(word / syllables.length))
    parts.push([start, syllable(word * 31 + 7)])
  }
  return {
    tokens: [...bytes, ...parts.map(([left, right]) => left + right), ...controlTokens],
    merges: parts.map(([left, right]) => `${left} ${right}`),
    wordStart: byteTokens,
    controlStart: size - controlTokens.length,
  }
}
