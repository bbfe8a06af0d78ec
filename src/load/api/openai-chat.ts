import { messagesOf } from '../prompts/messages.ts'
import { messageText, openAiApi } from './openai.ts'

/**
 * POST /v1/chat/completions: one user message, or a conversation of the team's own. Its template adds tokens, so prompt
 * lengths are calibrated on usage.
 */
export const openAiChat = openAiApi({
  path: '/v1/chat/completions',
  takesTokenIds: false,
  takesMessages: true,
  prompt: (ask) => ({ messages: messagesOf(ask.prompt) }),
  text: (choice) => messageText(choice.delta ?? choice.message),
})
