import { createHash } from 'node:crypto'
import type { ApiConfig } from '../model/config.ts'
import type { GreedyAnswer, TrialOutputs } from '../model/outputs.ts'
import { judgeAnswer } from './answer/judge-answer.ts'
import { apis } from './api/index.ts'
import { mergeBodies } from './api/request-body.ts'
import { completeOutcomes } from './record.ts'
import { type RequestLimits, Session } from './session.ts'
import type { Target } from './target.ts'

/**
 * What is asked: one text that hardly leaves a choice, and two that do, where a small change of the model shows first.
 * Each begins with a word that no measured prompt begins with, or a prefix cache would know more of those than it should.
 */
export const questions: readonly string[] = ['Count: ten, eleven, twelve,', 'Paris is known for', 'Lighthouses guide']

/** Three answers of this length tell models apart, and cost a server without a GPU little more than a tenth of a second. */
const outputTokens = 8
/** For all questions together. */
const patienceMs = 5_000
const beginningLength = 80
const digestLength = 16

/**
 * Asks a server that does nothing else the fixed questions, one after the other: greedy, and free to end an answer where
 * the model ends it. To be called outside of what is measured. Never throws and never waits long: an answer that did not
 * come whole and in time is null, and so are those after it.
 *
 * @param limits.timeoutMs for all questions together
 * @returns null where nothing says that the server takes the likeliest token: such answers may differ by chance
 */
export async function askGreedily(
  target: Target,
  { signal, timeoutMs = patienceMs }: Pick<RequestLimits, 'signal'> & Partial<RequestLimits>,
): Promise<TrialOutputs | null> {
  const greedy = apis[target.api.type].greedyBody(target.api)
  if (greedy === null) return null
  const config = { ...target.api, extraBody: mergeBodies(target.api.extraBody, greedy) }
  const beginMs = performance.now()
  const endMs = beginMs + timeoutMs
  const answers: (GreedyAnswer | null)[] = []
  let slowestMs = 0
  for (const question of questions) {
    const startMs = performance.now()
    // A question given up halfway may keep the server busy when the measurement begins: it is better not asked.
    const isTooLate = startMs + slowestMs >= endMs || answers.includes(null)
    answers.push(isTooLate ? null : await ask(target, config, question, { signal, timeoutMs: endMs - startMs }))
    slowestMs = Math.max(slowestMs, performance.now() - startMs)
  }
  const asked = digestOf(JSON.stringify([questions, outputTokens]))
  return { questions: asked, answers, durationMs: performance.now() - beginMs }
}

async function ask(
  { origin, model, tokenizer, countSource }: Target,
  config: ApiConfig,
  prompt: string,
  limits: RequestLimits,
): Promise<GreedyAnswer | null> {
  const api = apis[config.type]
  const isLlamaCpp = tokenizer.dialect === 'llama.cpp'
  const session = new Session(origin, config, limits)
  try {
    const request = api.request({ config, model, prompt, outputTokens, streaming: false, isLlamaCpp })
    const capture = await session.send(request)
    let text = ''
    const onText = (part: string) => {
      text += part
    }
    const { answer, outcome } = judgeAnswer(capture, { api, config, outputTokens, streaming: false, onText })
    if (!completeOutcomes.has(outcome)) return null
    const { finishReason } = answer
    const tokens = countSource === 'requested' ? null : answer.outputTokens
    return { digest: digestOf(text), beginning: firstCharacters(text), finishReason, tokens }
  } catch {
    // The run was stopped, or the server died: the trial finds that out by itself.
    return null
  } finally {
    await session.close()
  }
}

/** Whole characters: half of one would not survive being written down. */
function firstCharacters(text: string): string {
  return [...text].slice(0, beginningLength).join('')
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digestLength)
}
