import { ActionError } from '../../errors.ts'
import type { Prompt } from '../api/api.ts'
import { apis } from '../api/index.ts'
import { describeCapture } from '../http/capture.ts'
import type { Reply, Session } from '../session.ts'
import { arrange } from './arrange.ts'
import { type CountTokens, fitLine } from './calibrate.ts'
import { type PromptSource, type WordList, wordPrompt } from './prompt-source.ts'
import { findDialect, findWordIds, type TokenizeDialect, tokenizeMarked } from './token-ids.ts'
import { findEvenWords } from './word-cost.ts'
import { words } from './words.ts'

const calibrationKey = 'calibration'
/** Units of a prompt that is sent to find something out. */
const trialUnits = 16
/** Ids sent to find out whether the server takes them; it may add a begin mark or two, to any prompt the same. */
const trialIds = [16, 48] as const
const mostOverhead = 4

/** How the server is asked while prompts are made to measure. */
export interface Tokenizer {
  readonly model: string | null
  readonly dialect: TokenizeDialect | null
}

/** Finds the most exact way to make prompts: token ids, else words counted by /tokenize, else words counted by usage. */
export async function choosePromptSource(session: Session, model: string | null): Promise<[PromptSource, Tokenizer]> {
  const api = apis[session.config.type]
  // A home-made endpoint has no /tokenize to speak of, and a path that it does not know may cost a log line or more.
  const dialect = api.mayTokenize ? await findDialect(session, model) : null
  const tokenizer = { model, dialect }
  const ids = api.takesTokenIds && dialect !== null ? await tryTokenIds(session, tokenizer, dialect) : null
  if (ids) return [ids, tokenizer]
  const even = dialect && (await findEvenWords(session, dialect, model))
  const list = even ? { words: even.words, isUniform: true } : { words, isUniform: false }
  const isCounted = dialect !== null && !api.takesMessages && (await isCountedAlike(list, session, tokenizer))
  const kind = isCounted ? 'tokenize' : 'words'
  const line = countsPrompts(session) ? await fitLine(countBy(kind, list, session, tokenizer)) : null
  return [{ kind, list, line }, tokenizer]
}

/**
 * Whether /tokenize counts a prompt as the server does when it works it through: some put a template around any text,
 * or a begin mark that /tokenize knows nothing of. A server that does not say counts as it tokenizes.
 */
async function isCountedAlike(list: WordList, session: Session, tokenizer: Tokenizer): Promise<boolean> {
  const prompt = wordPrompt(list, { count: trialUnits, key: calibrationKey, index: 0 })
  const { counted } = await usedTokens(session, tokenizer, prompt)
  return counted === null || counted === (await tokenizedTokens(session, tokenizer, prompt))
}

/** Counts the tokens of word prompts: by /tokenize, or by what the server says of a request for one token. */
export function countBy(
  kind: 'tokenize' | 'words',
  list: WordList,
  session: Session,
  tokenizer: Tokenizer,
  key: string = calibrationKey,
): CountTokens {
  let index = 0
  return async (units) => {
    // A new prompt each time: a cache must neither be warmed with prompts that are measured later, nor answer for one
    // that was counted before (some servers then count only what the cache does not hold).
    index += 1
    const text = wordPrompt(list, { count: units, key, index })
    return kind === 'words' ? countByUsage(session, tokenizer, text) : tokenizedTokens(session, tokenizer, text)
  }
}

async function tokenizedTokens(session: Session, { dialect, model }: Tokenizer, text: string): Promise<number> {
  const ids = dialect && (await tokenizeMarked(session, dialect, model, text))
  if (!ids) throw uncounted('POST /tokenize stopped answering with token ids.')
  return ids.length
}

function countsPrompts(session: Session): boolean {
  return session.config.type !== 'generate' || session.config.generate.promptTokens !== null
}

async function tryTokenIds(
  session: Session,
  tokenizer: Tokenizer,
  dialect: TokenizeDialect,
): Promise<PromptSource | null> {
  const ids = await findWordIds(session, dialect, tokenizer.model)
  if (ids === null) return null
  const [first, second] = await overheads(ids, session, tokenizer)
  // One that takes the ids apart and puts them together anew comes to another number here and there.
  if (first === undefined || first !== second || first < 0 || first > mostOverhead) return null
  return { kind: 'token-ids', ids, overhead: first }
}

/** What the server counts on top of each of the trial prompts; ends at the first that it does not count. */
async function overheads(ids: readonly number[], session: Session, tokenizer: Tokenizer): Promise<readonly number[]> {
  const found: number[] = []
  for (const count of trialIds) {
    const order = { count, alphabet: ids.length, isUniform: true, key: calibrationKey, index: count }
    const prompt = arrange(order).map((unit) => ids[unit] as number)
    const { counted } = await usedTokens(session, tokenizer, prompt)
    if (counted === null) break
    found.push(counted - count)
  }
  return found
}

async function countByUsage(session: Session, tokenizer: Tokenizer, text: string): Promise<number> {
  const { counted, reply } = await usedTokens(session, tokenizer, text)
  if (counted !== null) return counted
  if (hasCount(reply)) throw uncounted(`The answer holds no prompt token count: ${describeCapture(reply.capture)}`)
  throw uncounted(
    `A request of one token failed: ${reply.detail ?? describeCapture(reply.capture)}`,
    'Read what the server answered. A prompt that is too long for it wants smaller prompt-tokens, or a longer context.',
  )
}

/** What the server says that a prompt came to, when asked for one token; null when it does not say. */
async function usedTokens(
  session: Session,
  tokenizer: Tokenizer,
  prompt: Prompt,
): Promise<{ readonly counted: number | null; readonly reply: Reply }> {
  const reply = await askForOne(session, tokenizer, prompt)
  return { counted: hasCount(reply) ? reply.answer.promptTokens : null, reply }
}

function askForOne(session: Session, { model, dialect }: Tokenizer, prompt: Prompt): Promise<Reply> {
  return session.ask({ model, prompt, outputTokens: 1, streaming: false, isLlamaCpp: dialect === 'llama.cpp' })
}

/** Only the count of the prompt matters here: one token may hold no text, and lengths are judged in the measurement. */
function hasCount({ outcome }: Reply): boolean {
  return outcome === 'ok' || outcome === 'no-text' || outcome === 'wrong-length' || outcome === 'no-usage'
}

function uncounted(
  message: string,
  hint = 'The server must count prompt tokens: usage.prompt_tokens, or the path in api.generate.prompt-tokens.',
): ActionError {
  return new ActionError('invalid', `Prompts of exact length could not be made. ${message}`, hint)
}
