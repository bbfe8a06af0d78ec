import type { ChatMessage } from '../../model/own-prompt.ts'
import type { Prompt } from '../api/api.ts'

/** A prompt as the messages of a chat API: a conversation as it is, a text as one message of the user. */
export function messagesOf(prompt: Prompt): readonly ChatMessage[] {
  if (typeof prompt === 'string') return [{ role: 'user', content: prompt }]
  if ('messages' in prompt) return prompt.messages
  throw new Error('a chat API was given token ids')
}
