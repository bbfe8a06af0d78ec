import type { Session } from '../session.ts'
import { type TokenizeDialect, tokenize } from './token-ids.ts'
import { words } from './words.ts'

/** Stands alone between two words in every common tokenizer: none has a token of a line break and a word. */
const separator = '\n\n'
/** Fewer different words than this make too few different prompts. */
const fewestWords = 8

/** Words that all cost the same number of tokens, a space in front of each. */
export interface EvenWords {
  readonly words: readonly string[]
  readonly tokensPerWord: number
}

/**
 * The words of the cheapest cost that enough of them share, so that a prompt's tokens are its words times that cost:
 * the fewer tokens a word has, the closer prompts come to any length. Null when the tokenizer does not tell.
 */
export async function findEvenWords(
  session: Session,
  dialect: TokenizeDialect,
  model: string | null,
): Promise<EvenWords | null> {
  const mark = await tokenize(session, dialect, model, separator)
  const ids = await tokenize(session, dialect, model, ` ${words.join(`${separator} `)}`)
  if (mark === null || mark.length === 0 || ids === null) return null
  const costs = splitAt(ids, mark).map((part) => part.length)
  // Another number of parts than of words: the separator melts into its neighbours here.
  if (costs.length !== words.length) return null
  for (const tokensPerWord of [...new Set(costs)].sort((a, b) => a - b)) {
    const even = words.filter((_, word) => costs[word] === tokensPerWord)
    if (tokensPerWord > 0 && even.length >= fewestWords) return { words: even, tokensPerWord }
  }
  return null
}

function splitAt(ids: readonly number[], mark: readonly number[]): number[][] {
  const parts: number[][] = [[]]
  for (let at = 0; at < ids.length; at += 1) {
    if (mark.every((id, place) => ids[at + place] === id)) {
      parts.push([])
      at += mark.length - 1
    } else parts.at(-1)?.push(ids[at] as number)
  }
  return parts
}
