import type { ApiConfig } from '../../model/config.ts'
import type { Api } from './api.ts'
import { generate } from './generate.ts'
import { openAiChat } from './openai-chat.ts'
import { openAiCompletions } from './openai-completions.ts'

/** Every API by its name in the configuration. */
export const apis: Readonly<Record<ApiConfig['type'], Api>> = {
  'openai-completions': openAiCompletions,
  'openai-chat': openAiChat,
  generate,
}
