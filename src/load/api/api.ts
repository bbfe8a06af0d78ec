import type { ApiConfig } from '../../model/config.ts'
import type { Conversation } from '../../model/own-prompt.ts'
import type { ScenarioWindow } from '../../model/recording.ts'

/** Text, token ids of the server's own vocabulary, or (for an API that takes messages) a conversation. */
export type Prompt = string | readonly number[] | Conversation

/** Everything that one request asks for. */
export interface Ask {
  readonly config: ApiConfig
  readonly model: string | null
  readonly prompt: Prompt
  readonly outputTokens: number
  readonly streaming: boolean
  /** Send llama.cpp's switch against its prompt cache; other servers may refuse a key they do not know. */
  readonly isLlamaCpp: boolean
  /** Nothing keeps the model from ending its answer before `outputTokens`. */
  readonly mayEndEarly?: boolean
  /** A question of the set-up: ask for the count of the prompt even where that makes the server work more. */
  readonly wantsPromptCount?: boolean
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
  /** Of the answer so far. */
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

/** How a streamed answer is cut into events: server-sent events, a JSON object a line, or nothing but text. */
export type StreamFormat = 'sse' | 'ndjson' | 'text'

/** Where a server lists the models that it serves. */
export interface ModelList {
  readonly path: string
  /** Dot path to the name of the first one. */
  readonly firstName: string
}

/** One API: how a request is written and how an answer is read. Adding an API is one such file and a line in index.ts. */
export interface Api {
  /** Where to find a name when none is configured; null where requests name no model. */
  readonly modelList: ModelList | null
  readonly takesTokenIds: boolean
  /** Prompts are messages, around which the server puts a template of its own. */
  readonly takesMessages: boolean
  /** The server may have POST /tokenize. Where not, asking for it may cost more than a line in its log. */
  readonly mayTokenize: boolean
  /** Requests can forbid the model to end its answer early. */
  readonly forcesLength: boolean
  /** True where each event repeats all of the text so far. */
  readonly repeatsText: boolean
  streamFormat(config: ApiConfig): StreamFormat
  countSource(config: ApiConfig): ScenarioWindow['countSource']
  request(ask: Ask): HttpRequest
  /**
   * What goes over `extra-body` for an answer that leaves the model no choice but where to end; null takes a key away.
   * Null in place of all: nothing in the configuration says that the server takes the likeliest token.
   */
  greedyBody(config: ApiConfig): Readonly<Record<string, unknown>> | null
  /** Reads one event of a stream or one whole body. */
  read(value: Readonly<Record<string, unknown>>, config: ApiConfig): Part
  /** The end marker that a complete answer would have had; null when the answer is complete. */
  missingEnd(signs: EndSigns, streaming: boolean, config: ApiConfig): string | null
}
