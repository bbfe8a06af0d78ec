import { asObject } from '../api/json.ts'
import type { Session } from '../session.ts'
import { words } from './words.ts'

/** How a server's POST /tokenize wants to be asked. */
export type TokenizeDialect = 'vllm' | 'llama.cpp'

/** Fewer different ids than this make too few different prompts. */
const fewestIds = 16

/** Finds out how the server tokenizes; null where it does not. */
export async function findDialect(session: Session, model: string | null): Promise<TokenizeDialect | null> {
  for (const dialect of ['vllm', 'llama.cpp'] as const) {
    const ids = await tokenize(session, dialect, model, words.slice(0, 8).join(' '), false)
    if (ids !== null && ids.length > 0) return dialect
  }
  return null
}

/** Token ids of a text by the server's own tokenizer; null when it does not answer with ids. */
export async function tokenize(
  session: Session,
  dialect: TokenizeDialect,
  model: string | null,
  text: string,
  addSpecial: boolean,
): Promise<readonly number[] | null> {
  const body =
    dialect === 'vllm'
      ? { ...(model === null ? {} : { model }), prompt: text, add_special_tokens: addSpecial }
      : { content: text, add_special: addSpecial }
  const { value } = await session.json('POST', '/tokenize', body)
  const tokens = asObject(value)?.tokens
  if (!Array.isArray(tokens) || !tokens.every((token) => Number.isSafeInteger(token) && token >= 0)) return null
  return tokens as number[]
}

/**
 * Ids of ordinary words in the server's vocabulary: whatever a tokenizer makes of plain words is a valid and ordinary
 * token there. Null when there are too few of them.
 */
export async function findWordIds(
  session: Session,
  dialect: TokenizeDialect,
  model: string | null,
): Promise<readonly number[] | null> {
  const middle = Math.floor(words.length / 2)
  const first = await tokenize(session, dialect, model, ` ${words.slice(0, middle).join(' ')}`, false)
  const second = await tokenize(session, dialect, model, ` ${words.slice(middle).join(' ')}`, false)
  if (first === null || second === null) return null
  const ids = new Set([...first, ...second])
  // A tokenizer that cannot leave out its begin or end mark puts the same one around any text.
  if (first.at(0) === second.at(0)) ids.delete(first.at(0) as number)
  if (first.at(-1) === second.at(-1)) ids.delete(first.at(-1) as number)
  return ids.size >= fewestIds ? [...ids] : null
}
