import { asObject } from '../api/json.ts'
import type { Session } from '../session.ts'
import { words } from './words.ts'

/** How a server's POST /tokenize wants to be asked. SGLang speaks vLLM's. */
export type TokenizeDialect = 'vllm' | 'llama.cpp' | 'tgi'

type Ids = readonly number[]

/** Fewer different ids than this make too few different prompts. */
const fewestIds = 16
/** Two texts that neither begin nor end alike: what their ids share at either end, the server has put there. */
const references = [' the', '\n\n'] as const

/** Finds out how the server tokenizes; null where it does not. */
export async function findDialect(session: Session, model: string | null): Promise<TokenizeDialect | null> {
  for (const dialect of ['vllm', 'llama.cpp', 'tgi'] as const) {
    const ids = await askTokenize(session, dialect, model, words.slice(0, 8).join(' '), false)
    if (ids !== null && ids.length > 0) return dialect
  }
  return null
}

/** Token ids of a text by the server's own tokenizer, begin mark and all; null when it does not answer with ids. */
export function tokenizeMarked(
  session: Session,
  dialect: TokenizeDialect,
  model: string | null,
  text: string,
): Promise<Ids | null> {
  return askTokenize(session, dialect, model, text, true)
}

/** Token ids of nothing but the text; null when the server does not answer with ids. */
export async function tokenize(
  session: Session,
  dialect: TokenizeDialect,
  model: string | null,
  text: string,
): Promise<Ids | null> {
  const ids = await askTokenize(session, dialect, model, text, false)
  // TGI always sets its marks; the others have been asked not to.
  if (ids === null || dialect !== 'tgi') return ids
  const other = text === references[0] ? references[1] : references[0]
  const compared = await askTokenize(session, dialect, model, other, false)
  return compared && withoutMarks(ids, compared)
}

/** `ids` less what they have in common with `others` at either end. */
export function withoutMarks(ids: Ids, others: Ids): Ids {
  const most = Math.min(ids.length, others.length)
  let begin = 0
  while (begin < most && ids[begin] === others[begin]) begin += 1
  let end = 0
  while (end < most - begin && ids.at(-1 - end) === others.at(-1 - end)) end += 1
  return ids.slice(begin, ids.length - end)
}

async function askTokenize(
  session: Session,
  dialect: TokenizeDialect,
  model: string | null,
  text: string,
  addSpecial: boolean,
): Promise<Ids | null> {
  const bodies = {
    vllm: { ...(model === null ? {} : { model }), prompt: text, add_special_tokens: addSpecial },
    'llama.cpp': { content: text, add_special: addSpecial },
    tgi: { inputs: text },
  }
  const { value } = await session.json('POST', '/tokenize', bodies[dialect])
  const tokens = dialect === 'tgi' ? idsOfTokens(value) : asObject(value)?.tokens
  if (!Array.isArray(tokens) || !tokens.every((token) => Number.isSafeInteger(token) && token >= 0)) return null
  return tokens as number[]
}

/** TGI answers with a list of tokens, each with its id and its place in the text. */
function idsOfTokens(value: unknown): unknown {
  return Array.isArray(value) ? value.map((token) => asObject(token)?.id) : null
}

/**
 * Ids of ordinary words in the server's vocabulary: whatever a tokenizer makes of plain words is a valid and ordinary
 * token there. Null when there are too few of them.
 */
export async function findWordIds(
  session: Session,
  dialect: TokenizeDialect,
  model: string | null,
): Promise<Ids | null> {
  const middle = Math.floor(words.length / 2)
  const first = await tokenize(session, dialect, model, ` ${words.slice(0, middle).join(' ')}`)
  const second = await tokenize(session, dialect, model, ` ${words.slice(middle).join(' ')}`)
  if (first === null || second === null) return null
  // A tokenizer that was asked to leave out its marks and cannot puts the same ones around any text.
  const ids = new Set([...withoutMarks(first, second), ...withoutMarks(second, first)])
  return ids.size >= fewestIds ? [...ids] : null
}
