import { ActionError } from '../errors.ts'
import type { ApiConfig } from '../model/config.ts'
import { type JudgedAnswer, judgeAnswer } from './answer/judge-answer.ts'
import type { HttpRequest, Prompt } from './api/api.ts'
import { apis } from './api/index.ts'
import { bodyText, type Capture } from './http/capture.ts'
import { Connection } from './http/connection.ts'

export interface RequestLimits {
  readonly signal: AbortSignal
  /** Deadline of one request. */
  readonly timeoutMs: number
}

/** One question of the set-up; nothing of it is measured. */
export interface Question {
  readonly model: string | null
  readonly prompt: Prompt
  readonly outputTokens: number
  readonly streaming: boolean
  readonly isLlamaCpp: boolean
}

export interface Reply extends JudgedAnswer {
  readonly capture: Capture
}

/** A conversation with a server outside the measurement: which model, which prompt lengths, does it answer at all. */
export class Session {
  readonly config: ApiConfig
  readonly #connection: Connection
  readonly #limits: RequestLimits
  readonly #keepsAlive: boolean

  /** One connection for each question unless `keepsAlive`: a server that closes unannounced must not fail the set-up. */
  constructor(origin: string, config: ApiConfig, limits: RequestLimits, { keepsAlive = false } = {}) {
    this.config = config
    this.#limits = limits
    this.#keepsAlive = keepsAlive
    this.#connection = new Connection(origin, () => performance.now())
  }

  get isOpen(): boolean {
    return this.#connection.isOpen
  }

  /** Asks for text. Throws only when the run was stopped; a failure is in the reply. */
  async ask(question: Question): Promise<Reply> {
    const api = apis[this.config.type]
    const capture = await this.send(api.request({ ...question, config: this.config, wantsPromptCount: true }))
    const { outputTokens, streaming } = question
    return { capture, ...judgeAnswer(capture, { api, config: this.config, outputTokens, streaming }) }
  }

  /** The JSON that a path answers with status 200; undefined for anything else. */
  async json(
    method: HttpRequest['method'],
    path: string,
    body: unknown,
  ): Promise<{ value: unknown; capture: Capture }> {
    const buffer = body === null ? null : Buffer.from(JSON.stringify(body))
    const capture = await this.send({ method, path, body: buffer })
    if (capture.failure || capture.status !== 200) return { value: undefined, capture }
    try {
      return { value: JSON.parse(bodyText(capture)), capture }
    } catch {
      return { value: undefined, capture }
    }
  }

  async send(request: HttpRequest): Promise<Capture> {
    const capture = await this.#connection.send(request, { ...this.#limits, isLast: !this.#keepsAlive })
    if (capture.failure?.outcome === 'aborted') throw stopped(this.#limits.signal)
    return capture
  }

  async close(): Promise<void> {
    await this.#connection.close()
  }
}

/** The reason of an aborted signal as an error for a person. */
export function stopped(signal: AbortSignal): ActionError {
  if (signal.reason instanceof ActionError) return signal.reason
  return new ActionError('cancelled', 'The run was stopped before it was complete.', 'Start it again.')
}
