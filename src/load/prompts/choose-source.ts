import { ActionError } from '../../errors.ts'
import type { Prompt } from '../api/api.ts'
import { apis } from '../api/index.ts'
import { describeCapture } from '../http/capture.ts'
import type { Reply, Session } from '../session.ts'
import { arrange } from './arrange.ts'
import { type CountTokens, fitLine } from './calibrate.ts'
import { type PromptSource, type WordList, wordPrompt } from './prompt-source.ts'
import { findDialect, findWordIds, type TokenizeDialect, tokenize } from './token-ids.ts'
import { findEvenWords } from './word-cost.ts'
import { words } from './words.ts'

const calibrationKey = 'calibration'
/** Ids sent to find out whether the server takes them; it may add a begin mark or two. */
const trialIds = 16
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
  const dialect = api.needsModel ? await findDialect(session, model) : null
  const tokenizer = { model, dialect }
  const ids = api.takesTokenIds && dialect !== null ? await tryTokenIds(session, tokenizer, dialect) : null
  if (ids) return [ids, tokenizer]
  const kind = api.takesTokenIds && dialect !== null ? 'tokenize' : 'words'
  const even = dialect && (await findEvenWords(session, dialect, model))
  const list = even ? { words: even.words, isUniform: true } : { words, isUniform: false }
  const line = countsPrompts(session) ? await fitLine(countBy(kind, list, session, tokenizer)) : null
  return [{ kind, list, line }, tokenizer]
}

/** Counts the tokens of word prompts: by /tokenize, or by what the server says of a request for one token. */
export function countBy(
  kind: 'tokenize' | 'words',
  list: WordList,
  session: Session,
  tokenizer: Tokenizer,
): CountTokens {
  let index = 0
  return async (units) => {
    // A new prompt each time: a prefix cache must not be warmed with prompts that are measured later.
    index += 1
    const text = wordPrompt(list, { count: units, key: calibrationKey, index })
    if (kind === 'words') return countByUsage(session, tokenizer, text)
    const ids = tokenizer.dialect && (await tokenize(session, tokenizer.dialect, tokenizer.model, text, true))
    if (!ids) throw uncounted('POST /tokenize stopped answering with token ids.')
    return ids.length
  }
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
  const order = { count: trialIds, alphabet: ids.length, isUniform: true, key: calibrationKey, index: 0 }
  const reply = await askForOne(
    session,
    tokenizer,
    arrange(order).map((unit) => ids[unit] as number),
  )
  const counted = reply.answer.promptTokens
  if (!hasCount(reply) || counted === null) return null
  const overhead = counted - trialIds
  return overhead >= 0 && overhead <= mostOverhead ? { kind: 'token-ids', ids, overhead } : null
}

async function countByUsage(session: Session, tokenizer: Tokenizer, text: string): Promise<number> {
  const reply = await askForOne(session, tokenizer, text)
  if (!hasCount(reply))
    throw uncounted(`A request of one token failed: ${reply.detail ?? describeCapture(reply.capture)}`)
  if (reply.answer.promptTokens === null)
    throw uncounted(`The answer holds no prompt token count: ${describeCapture(reply.capture)}`)
  return reply.answer.promptTokens
}

function askForOne(session: Session, { model, dialect }: Tokenizer, prompt: Prompt): Promise<Reply> {
  return session.ask({ model, prompt, outputTokens: 1, streaming: false, isLlamaCpp: dialect === 'llama.cpp' })
}

/** Only the count of the prompt matters here: one token may hold no text, and lengths are judged in the measurement. */
function hasCount({ outcome }: Reply): boolean {
  return outcome === 'ok' || outcome === 'no-text' || outcome === 'wrong-length' || outcome === 'no-usage'
}

function uncounted(message: string): ActionError {
  return new ActionError(
    'invalid',
    `Prompts of exact length could not be made. ${message}`,
    'The server must count prompt tokens: usage.prompt_tokens, or the path in api.generate.prompt-tokens.',
  )
}
