import type { ApiConfig } from '../../model/config.ts'
import type { Target } from '../target.ts'

const ids = Array.from({ length: 512 }, (_, index) => 1000 + index)

/** How the reference server is spoken to. */
export const referenceApi: ApiConfig = {
  type: 'openai-completions',
  model: 'reference',
  extraBody: {},
  // Not looked at by this type.
  generate: {
    path: '/',
    streamPath: '/',
    request: '{}',
    streamFormat: 'sse',
    text: 'text',
    promptTokens: null,
    outputTokens: 'requested',
    finishReason: 'finish_reason',
    done: 'done',
    error: 'error',
  },
}

/** The reference server as a target: all that `connect` would find out is known. */
export function referenceTarget(origin: string): Target {
  return {
    origin,
    api: referenceApi,
    model: referenceApi.model,
    promptSource: { kind: 'token-ids', ids, overhead: 0 },
    countSource: 'usage',
    tokenizer: { model: referenceApi.model, dialect: null },
    closesAfter: { stream: false, body: false },
  }
}
