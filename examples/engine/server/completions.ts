import { randomUUID } from 'node:crypto'
import type { AnswerShape } from './answer.ts'
import { answer } from './answer.ts'
import { readGeneration } from './generation-request.ts'
import { promptTokens } from './prompt.ts'
import type { Endpoint } from './routes.ts'

/** Without max_tokens, as in OpenAI's API. */
const defaultMaxTokens = 16

function completionShape(model: string): AnswerShape {
  return {
    envelope: { id: `cmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model },
    object: { whole: 'text_completion', chunk: 'text_completion' },
    opening: null,
    chunkChoice: (text, finish) => ({ index: 0, text, logprobs: null, finish_reason: finish }),
    wholeChoice: (text, finish) => ({ index: 0, text, logprobs: null, finish_reason: finish }),
  }
}

/** POST /v1/completions: `prompt` is a text or a list of token ids. */
export const completions: Endpoint = async ({ loaded, modelName, body, response }) => {
  const request = readGeneration(body, promptTokens(body.prompt, loaded), loaded, defaultMaxTokens)
  await answer(response, loaded, request, completionShape(modelName))
}
