import type { ApiConfig } from '../../model/config.ts'
import type { ScenarioWindow } from '../../model/recording.ts'

/** Text, or token ids of the server's own vocabulary. */
export type Prompt = string | readonly number[]

/** Everything that one request asks for. */
export interface Ask {
  readonly config: ApiConfig
  readonly model: string | null
  readonly prompt: Prompt
  readonly outputTokens: number
  readonly streaming: boolean
  /** Send llama.cpp's switch against its prompt cache; other servers may refuse a key they do not know. */
  readonly isLlamaCpp: boolean
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Serialised before the request is sent, so that the clock never sees it. */
  readonly body: Buffer | null
}

/** What one event of a stream, or one whole body, says. */
export interface Part {
  /** Content or reasoning; empty for a role-only or usage-only event. */
  readonly text: string
  readonly finishReason: string | null
  /** The API's own end marker inside the event (`done: true`); `[DONE]` is seen elsewhere. */
  readonly isDone: boolean
  /** The message of an error that came with status 200. */
  readonly error: string | null
  readonly promptTokens: number | null
  readonly outputTokens: number | null
  readonly cachedTokens: number | null
}

/** Which signs of a complete answer were seen. */
export interface EndSigns {
  /** A `[DONE]` event or an event with isDone. */
  readonly isDone: boolean
  readonly finishReason: string | null
  readonly outputTokens: number | null
}

/** One API: how a request is written and how an answer is read. Adding an API is one such file and a line in index.ts. */
export interface Api {
  /** True when each request must name a model. */
  readonly needsModel: boolean
  readonly takesTokenIds: boolean
  countSource(config: ApiConfig): ScenarioWindow['countSource']
  request(ask: Ask): HttpRequest
  /** Reads one event of a stream or one whole body. */
  read(value: Readonly<Record<string, unknown>>, config: ApiConfig): Part
  /** The end marker that a complete answer would have had; null when the answer is complete. */
  missingEnd(signs: EndSigns, streaming: boolean): string | null
}
