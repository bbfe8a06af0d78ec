import { invalidField } from './api-error.ts'
import { sendJson } from './http.ts'
import { chatTokens } from './prompt.ts'
import type { Endpoint } from './routes.ts'

/**
 * POST /tokenize, in the forms of two servers: {prompt} or {messages} as in vLLM, {content} as in llama.cpp. The model
 * has no begin-of-text token, so `add_special_tokens` changes nothing.
 */
export const tokenize: Endpoint = async ({ loaded, body, response }) => {
  if (typeof body.content === 'string') {
    sendJson(response, 200, { tokens: loaded.tokenize(body.content) })
    return
  }
  if (body.messages === undefined && typeof body.prompt !== 'string') {
    throw invalidField('prompt', 'expected a text in prompt or content, or a list of messages')
  }
  const tokens = typeof body.prompt === 'string' ? loaded.tokenize(body.prompt) : chatTokens(body.messages, loaded)
  sendJson(response, 200, { count: tokens.length, max_model_len: loaded.contextSize, tokens })
}
