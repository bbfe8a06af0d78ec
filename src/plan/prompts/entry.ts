import type { ChatMessage, OwnPrompt } from '../../model/own-prompt.ts'
import { isMapping } from '../overrides.ts'

/** What an entry holds, or why it cannot be used. */
export type ReadEntry = { readonly prompt: OwnPrompt } | { readonly message: string; readonly allowed: string }

const shapes = 'a text, {"prompt": text}, {"text": text}, {"messages": [..]} or {"conversations": [..]}'
/** Longer than the context of any model. */
const mostCharacters = 4_000_000
/** Who speaks for the person in files of the ShareGPT kind. */
const people: readonly unknown[] = ['human', 'user']

/** One prompt, in whichever of the known shapes it is written. Keys besides those of the shape say nothing to us. */
export function readEntry(value: unknown): ReadEntry {
  if (typeof value === 'string') return textPrompt(value)
  if (!isMapping(value)) return { message: `it is ${kindOf(value)}`, allowed: shapes }
  const readers = Object.entries(keyReaders).filter(([key]) => value[key] !== undefined)
  const [reader] = readers
  if (reader === undefined) return { message: `it has none of ${Object.keys(keyReaders).join(', ')}`, allowed: shapes }
  if (readers.length > 1) {
    return { message: `it has ${readers.map(([key]) => key).join(' and ')}`, allowed: 'one of them' }
  }
  return reader[1](value[reader[0]])
}

const keyReaders: Readonly<Record<string, (value: unknown) => ReadEntry>> = {
  prompt: textPrompt,
  text: textPrompt,
  messages: chatPrompt,
  conversations: sharedPrompt,
}

function textPrompt(value: unknown): ReadEntry {
  const fault = textFault(value)
  return fault ?? { prompt: value as string }
}

function textFault(value: unknown): { message: string; allowed: string } | null {
  if (typeof value !== 'string') return { message: `the prompt is ${kindOf(value)}`, allowed: 'a text' }
  if (value.trim() === '') return { message: 'the prompt is empty', allowed: 'a text that says something' }
  if (value.length <= mostCharacters) return null
  return { message: `the prompt has ${value.length} characters`, allowed: `at most ${mostCharacters} characters` }
}

function chatPrompt(value: unknown): ReadEntry {
  const allowed = 'a list of {"role": text, "content": text}, the last of role user'
  if (!Array.isArray(value) || value.length === 0) return { message: 'messages is no list, or an empty one', allowed }
  const messages: ChatMessage[] = []
  for (const [index, message] of value.entries()) {
    const { role, content } = isMapping(message) ? message : {}
    if (typeof role !== 'string' || role === '') return { message: `messages[${index}] has no role`, allowed }
    const fault = textFault(content)
    if (fault) return { message: `messages[${index}]: ${fault.message}`, allowed: fault.allowed }
    messages.push({ role, content: content as string })
  }
  // An API may refuse to answer itself, or go on with its own words: other work than a question.
  if (messages.at(-1)?.role !== 'user') return { message: 'the last message is not of role user', allowed }
  return { prompt: { messages } }
}

/** The first thing that the person says: what followed was an answer to it, and another model's. */
function sharedPrompt(value: unknown): ReadEntry {
  const turns: readonly unknown[] = Array.isArray(value) ? value : []
  const first = turns.find((turn) => isMapping(turn) && people.includes(turn.from))
  if (isMapping(first)) return textPrompt(first.value)
  return { message: 'nobody human speaks in it', allowed: 'a list with {"from": "human", "value": text}' }
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  return Array.isArray(value) ? 'a list' : `a ${isMapping(value) ? 'mapping' : typeof value}`
}
