import { randomUUID } from 'node:crypto'
import type { AnswerShape } from './answer.ts'
import { answer } from './answer.ts'
import { readGeneration } from './generation-request.ts'
import { chatTokens } from './prompt.ts'
import type { Endpoint } from './routes.ts'

function chatShape(model: string): AnswerShape {
  return {
    envelope: { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model },
    object: { whole: 'chat.completion', chunk: 'chat.completion.chunk' },
    // Sent before anything is computed, as real servers do: a role is not a token, and no client may time it as one.
    opening: { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null },
    chunkChoice: (content, finish) => ({ index: 0, delta: { content }, finish_reason: finish }),
    wholeChoice: (content, finish) => ({ index: 0, message: { role: 'assistant', content }, finish_reason: finish }),
  }
}

/** POST /v1/chat/completions. Without max_tokens the answer may fill the context. */
export const chat: Endpoint = async ({ loaded, modelName, body, response }) => {
  const request = readGeneration(body, chatTokens(body.messages, loaded), loaded, null)
  await answer(response, loaded, request, chatShape(modelName))
}
