import { asText } from './json.ts'
import { openAiApi } from './openai.ts'

/** POST /v1/completions: text, or exact token ids. */
export const openAiCompletions = openAiApi({
  path: '/v1/completions',
  takesTokenIds: true,
  takesMessages: false,
  prompt: (ask) => ({ prompt: ask.prompt }),
  text: (choice) => asText(choice.text),
})
