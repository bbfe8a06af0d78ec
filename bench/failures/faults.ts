import type { Row } from './result.ts'

/** A way in which a model server answers wrongly. */
export interface Fault {
  /** As the reference server names it; `none` and `dies` are not answers of one kind. */
  readonly name: string
  readonly title: string
}

export const requests = 40
export const outputTokens = 16
export const promptTokens = 32
export const concurrency = 8
/** What stalls for ever is given up after this time. */
export const requestTimeoutSeconds = 2
/** The server that dies does so when this many of the requests have come. */
export const diesAt = 20

/** The control: a tool must count all of it, and end well. */
export const sound: Fault = { name: 'none', title: 'none (control)' }

export const faults: readonly Fault[] = [
  sound,
  { name: 'http-500', title: 'HTTP 500' },
  { name: 'close', title: 'connection closed in mid-stream' },
  { name: 'cut', title: 'body ends half-way, cleanly: no finish_reason, no usage, no [DONE]' },
  { name: 'error-event', title: '`data: {"error": ..}` half-way, then [DONE]' },
  { name: 'empty-text', title: 'every text empty, usage complete' },
  { name: 'no-text', title: 'no text chunk at all' },
  { name: 'no-done', title: 'finish_reason, but no [DONE]' },
  { name: 'half-length', title: 'half the tokens asked for, finish_reason "stop"' },
  { name: 'over-length', title: 'one token more than asked for' },
  { name: 'slow-loris', title: 'stalls for ever after a few tokens' },
  { name: 'dies', title: `server dies at request ${diesAt}` },
]

/** How many of the requests are answered soundly when every second answer has the fault. */
export function soundAnswers({ name }: Fault): Row['sound'] {
  if (name === 'none') return { least: requests, most: requests }
  // Those in flight when it dies are lost too, and the tool may have sent a few requests of its own before.
  if (name === 'dies') return { least: 0, most: diesAt }
  return { least: requests / 2, most: requests / 2 }
}
