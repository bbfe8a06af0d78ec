import type { ChatMessage, OwnPrompt } from '../../model/own-prompt.ts'
import type { Prompt } from '../api/api.ts'
import { arrange, shuffle } from './arrange.ts'
import type { PromptKey } from './prompt-source.ts'
import { words } from './words.ts'

/** Enough to tell 10^8 requests apart, and a handful of tokens in any vocabulary. */
const nonceWords = 4
/** Warm-up and measured requests are in rounds of their own, and may be written by turns. */
const roundsKept = 4

/**
 * A team's own prompts in a seeded order, each once before any comes again. In front of each stand a few words that no
 * other request has, since a prefix cache would answer for a prompt that came before.
 */
export function ownPromptAt(prompts: readonly OwnPrompt[], key: Omit<PromptKey, 'index'>): (index: number) => Prompt {
  const seed = `${key.seed}/${key.scenario}`
  const rounds = new Map<number, readonly number[]>()
  return (index) => {
    const round = Math.floor(index / prompts.length)
    const order = rounds.get(round) ?? orderOf(round, prompts.length, seed)
    if (rounds.size > roundsKept) rounds.clear()
    rounds.set(round, order)
    const prompt = prompts[order[index % prompts.length] as number] as OwnPrompt
    return withNonce(prompt, nonceOf(seed, index))
  }
}

function orderOf(round: number, prompts: number, seed: string): readonly number[] {
  const order = Array.from({ length: prompts }, (_, position) => position)
  shuffle(order, `${seed}/round ${round}`)
  return order
}

function nonceOf(key: string, index: number): string {
  const units = arrange({ count: nonceWords, alphabet: words.length, isUniform: false, key, index })
  return `${units.map((unit) => words[unit]).join(' ')}:\n`
}

/** A conversation's nonce stands in its first message, which is what the server works through first. */
function withNonce(prompt: OwnPrompt, nonce: string): Prompt {
  if (typeof prompt === 'string') return nonce + prompt
  const [first, ...rest] = prompt.messages as readonly [ChatMessage, ...ChatMessage[]]
  return { messages: [{ ...first, content: nonce + first.content }, ...rest] }
}
