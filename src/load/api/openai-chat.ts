import { messageText, openAiApi } from './openai.ts'

/** POST /v1/chat/completions: one user message. Its template adds tokens, so prompt lengths are calibrated on usage. */
export const openAiChat = openAiApi({
  path: '/v1/chat/completions',
  takesTokenIds: false,
  prompt: (ask) => ({ messages: [{ role: 'user', content: ask.prompt }] }),
  text: (choice) => messageText(choice.delta ?? choice.message),
})
