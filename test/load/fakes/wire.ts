import type { ApiConfig } from '../../../src/model/config.ts'
import type { Seen } from '../fake-server.ts'

/** What a request asks for, however its API says so. */
export interface Asked {
  readonly tokens: number
  readonly prompt: unknown
  readonly isStreaming: boolean
  /** False where the answer will not say how long the prompt is. */
  readonly countsPrompt?: boolean
}

/** How far an answer has come. */
export interface Progress {
  readonly promptTokens: number
  /** Tokens of the answer so far. */
  readonly tokens: number
  /** Text so far. */
  readonly text: string
}

/** One API as it looks on the wire when everything is well. Values are events of its streams, or whole bodies. */
export interface Wire {
  readonly type: ApiConfig['type']
  /** Text of one event; `[DONE]` as it is. */
  frame(value: unknown): string
  asked(seen: Seen): Asked
  /** An event with the text of one more token, which is already part of the progress. */
  token(text: string, progress: Progress): unknown
  /** What comes after the last token. */
  ending(progress: Progress, reason: string): readonly unknown[]
  body(progress: Progress, reason: string): unknown
  error(message: string): unknown
  /** In the server's words: the length was reached; the model had said everything; the server gave up. */
  readonly reasons: { readonly length: string; readonly natural: string; readonly gaveUp: string | null }
  /** What the end of a healthy answer must show, as the failure names it. */
  readonly endSign: RegExp
  /** Other paths that it answers, such as its list of models. */
  readonly also: Readonly<Record<string, (seen: Seen) => unknown>>
}

/** Server-sent events; `tight` without the space after the colon. */
export const sse =
  (tight = false) =>
  (value: unknown): string =>
    `data:${tight ? '' : ' '}${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`

/** One id for each word, the same for the same word. */
export function idsOf(text: string): number[] {
  const words = text.match(/\n\n|\S+/g) ?? []
  return words.map((word) => 1000 + ([...word].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 30_000))
}

/** Words, ids or the words of messages. */
export function countPrompt(prompt: unknown): number {
  if (typeof prompt === 'string') return idsOf(prompt).length
  if (!Array.isArray(prompt)) return 0
  return typeof prompt[0] === 'number'
    ? prompt.length
    : prompt.reduce((sum, { content }) => sum + countPrompt(content), 0)
}
