import type { OwnPrompt } from './own-prompt.ts'
import type { GatePolicy } from './policy.ts'
import type { Scenario } from './scenario.ts'

/** How the server is set up, started, found ready and stopped. `{{port}}` in command and env is the chosen port. */
export interface ServerConfig {
  /** A string runs in the system's shell; a list is started as it is. */
  readonly command: string | readonly string[]
  /** Runs once per side, in the side's work tree, before the first start. */
  readonly setup: string | null
  /** Relative to the root of the checkout. */
  readonly workingDirectory: string
  /** 0: a free port is chosen for every start. */
  readonly port: number
  /** GET path that answers 200 once the server is up; null: only the one-token request decides. */
  readonly readyPath: string | null
  readonly readyTimeoutSeconds: number
  readonly env: Readonly<Record<string, string>>
  /** SIGTERM to SIGKILL. */
  readonly stopGraceSeconds: number
}

/** A home-made endpoint, described by a request template and where in the answer text and counts are found. */
export interface GenerateMapping {
  readonly path: string
  readonly streamPath: string
  /** Mustache template of the JSON body: {{{prompt}}} is the JSON-encoded prompt, {{outputTokens}}, {{model}}. */
  readonly request: string
  /** How a streamed answer is cut into events; `text`: the body is nothing but the text. */
  readonly streamFormat: 'sse' | 'ndjson' | 'text'
  /** Dot paths into the answer or a stream event. */
  readonly text: string
  readonly promptTokens: string | null
  /** A dot path, or `requested`: trust that the server made as many tokens as asked for. */
  readonly outputTokens: string | 'requested'
  /** Why the answer ended, as text; part of the signs of a complete stream. */
  readonly finishReason: string
  /** True in the last event of a complete stream. */
  readonly done: string
  /** Anything there but null, false or an empty text is an error. */
  readonly error: string
}

/** How the server is spoken to. Each has a file of its own in load/api. */
export const apiTypes = [
  'openai-completions',
  'openai-chat',
  'llama-cpp',
  'ollama-generate',
  'ollama-chat',
  'tgi',
  'sglang',
  'generate',
] as const

export interface ApiConfig {
  readonly type: (typeof apiTypes)[number]
  /** Null: the first that the server lists. */
  readonly model: string | null
  /** Merged into each request body (all types but `generate`). */
  readonly extraBody: Readonly<Record<string, unknown>>
  /** Only used by type `generate`. */
  readonly generate: GenerateMapping
}

export interface LoadConfig {
  readonly api: ApiConfig
  readonly scenarios: readonly Scenario[]
  /** The prompts of each file that a scenario names, by the file's name. */
  readonly prompts: Readonly<Record<string, readonly OwnPrompt[]>>
  /** Deadline of one request. */
  readonly requestTimeoutSeconds: number
  /** Seed of prompts; both sides get the same prompts. */
  readonly seed: number
  /** Each server is asked a few fixed questions before it is measured, to tell when the sides answer differently. */
  readonly compareOutputs: boolean
}

/** The whole of llm-perf.yml, validated and with defaults filled in. */
export interface Config {
  readonly server: ServerConfig
  readonly load: LoadConfig
  readonly gate: GatePolicy
}
