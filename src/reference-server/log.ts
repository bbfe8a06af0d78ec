import type { GenerationRequest } from './generation-request.ts'
import type { IncomingRequest } from './request-reader.ts'

/** What the server itself knows of one request for text. Times: milliseconds of the monotonic clock. */
export interface LoggedRequest {
  /** `x-request-id`, where the client sent one. */
  readonly id: string | null
  /** How the prompt begins, so that a client which sends no id can still tell its requests apart. */
  readonly promptStart: string
  readonly promptTokens: number
  readonly askedTokens: number
  readonly streaming: boolean
  readonly fault: string | null
  /** Its last byte was read. */
  readonly arrivalMs: number
  /** Just before the first and the last token were handed to the system; null: it never came to that. */
  firstTokenMs: number | null
  lastTokenMs: number | null
  /** Tokens written. */
  tokens: number
}

const promptStartLength = 64
const promptStartIds = 8

/** The beginning of a prompt as text: enough to tell prompts apart that start differently. */
export function promptStart(prompt: unknown): string {
  if (typeof prompt === 'string') return prompt.slice(0, promptStartLength)
  return Array.isArray(prompt) ? prompt.slice(0, promptStartIds).join(' ') : ''
}

/** The entry of a request that has just arrived. */
export function entryOf(
  { headers }: IncomingRequest,
  { prompt, promptTokens, tokens, streaming }: GenerationRequest,
  { arrivalMs, fault }: Pick<LoggedRequest, 'arrivalMs' | 'fault'>,
): LoggedRequest {
  return {
    id: headers.get('x-request-id') ?? null,
    promptStart: promptStart(prompt),
    promptTokens,
    askedTokens: tokens,
    streaming,
    fault,
    arrivalMs,
    firstTokenMs: null,
    lastTokenMs: null,
    tokens: 0,
  }
}
