import type { Token } from 'node-llama-cpp'
import type { LoadedModel } from '../inference/model.ts'
import { invalidField } from './api-error.ts'

/**
 * The tokens of a prompt: text is tokenized, a list of token ids is taken as it is.
 * @throws ApiError 400 on any other type and on ids outside of the vocabulary.
 */
export function promptTokens(prompt: unknown, loaded: LoadedModel): readonly Token[] {
  if (typeof prompt === 'string') return loaded.tokenize(prompt)
  if (!Array.isArray(prompt)) throw invalidField('prompt', 'expected a text or a list of token ids')
  const isToken = (id: unknown): id is Token =>
    Number.isInteger(id) && Number(id) >= 0 && Number(id) < loaded.vocabularySize
  const wrong = prompt.findIndex((id) => !isToken(id))
  if (wrong === -1) return prompt
  throw invalidField(
    'prompt',
    `token ids are whole numbers from 0 to ${loaded.vocabularySize - 1}, got ${JSON.stringify(prompt[wrong])} at position ${wrong}`,
  )
}

function contentText(content: unknown, at: string): string {
  if (typeof content === 'string') return content
  const parts: unknown[] = Array.isArray(content) ? content : [content]
  return parts
    .map((part) => {
      const { type, text } = Object(part) as { type?: unknown; text?: unknown }
      if (type === 'text' && typeof text === 'string') return text
      throw invalidField(at, 'expected a text or a list of {"type": "text", "text": ...}')
    })
    .join('')
}

/**
 * The tokens of a conversation, each turn between control tokens, ending where the assistant's turn begins. Control
 * tokens are put in as ids, so that no text can forge a turn.
 */
export function chatTokens(messages: unknown, loaded: LoadedModel): readonly Token[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalidField('messages', 'expected a list with at least one message')
  }
  const { turnStart, turnEnd } = loaded.control
  const turns = messages.flatMap((message: unknown, index) => {
    const { role, content } = Object(message) as { role?: unknown; content?: unknown }
    const at = `messages[${index}]`
    if (typeof role !== 'string' || role === '') throw invalidField(`${at}.role`, 'expected a text such as "user"')
    return [
      turnStart,
      ...loaded.tokenize(`${role}\n`),
      ...loaded.tokenize(contentText(content, `${at}.content`)),
      turnEnd,
      ...loaded.tokenize('\n'),
    ]
  })
  return [...turns, turnStart, ...loaded.tokenize('assistant\n')]
}
