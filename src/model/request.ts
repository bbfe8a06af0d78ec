/**
 * How one request ended. `ok` is strict: HTTP 200, terminal marker seen, no error inside the stream, at least one
 * token of text, output length as requested. Everything else names the failure.
 */
export type Outcome =
  | 'ok'
  | 'http-error'
  | 'connect-error'
  /** Reset before the first byte on a reused keep-alive socket: the server's idle timeout, its own class. */
  | 'stale-socket'
  | 'reset'
  | 'deadline'
  | 'stream-error'
  /** The body ended without its terminal marker. */
  | 'truncated'
  | 'malformed'
  | 'no-text'
  | 'no-usage'
  | 'wrong-length'
  | 'aborted'

/** One line of `requests.jsonl`. Times are milliseconds since the start of the trial; null when it never came. */
export interface RequestRecord {
  readonly trial: string
  readonly scenario: string
  readonly index: number
  readonly scheduledMs: number
  readonly sentMs: number | null
  readonly firstByteMs: number | null
  readonly firstTokenMs: number | null
  readonly lastTokenMs: number | null
  readonly endMs: number | null
  /** As counted by the server; null when it did not say. */
  readonly promptTokens: number | null
  readonly outputTokens: number | null
  /** Tokens in the first chunk that held text; 1 when the API does not tell. */
  readonly firstChunkTokens: number | null
  readonly chunks: number
  readonly cachedTokens: number | null
  readonly status: number | null
  readonly outcome: Outcome
  readonly detail: string | null
}
