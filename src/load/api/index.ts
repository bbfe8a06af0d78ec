import type { ApiConfig } from '../../model/config.ts'
import type { Api } from './api.ts'
import { generate } from './generate.ts'
import { llamaCpp } from './llama-cpp.ts'
import { ollamaChat, ollamaGenerate } from './ollama.ts'
import { openAiChat } from './openai-chat.ts'
import { openAiCompletions } from './openai-completions.ts'
import { sglang } from './sglang.ts'
import { tgi } from './tgi.ts'

/** Every API by its name in the configuration. */
export const apis: Readonly<Record<ApiConfig['type'], Api>> = {
  'openai-completions': openAiCompletions,
  'openai-chat': openAiChat,
  'llama-cpp': llamaCpp,
  'ollama-generate': ollamaGenerate,
  'ollama-chat': ollamaChat,
  tgi,
  sglang,
  generate,
}
