import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiConfig } from '../model/config.ts'
import type { ScenarioWindow } from '../model/recording.ts'
import { apis } from './api/index.ts'
import { findModel } from './model-name.ts'
import { choosePromptSource, type Tokenizer } from './prompts/choose-source.ts'
import type { PromptSource } from './prompts/prompt-source.ts'
import { type RequestLimits, Session } from './session.ts'

export interface Endpoint {
  /** `http://127.0.0.1:8000` */
  readonly origin: string
  readonly api: ApiConfig
  /** Null where the API needs none. */
  readonly model: string | null
}

/** A started server and what has been found out about it; good for every scenario until the server stops. */
export interface Target extends Endpoint {
  readonly promptSource: PromptSource
  readonly countSource: ScenarioWindow['countSource']
  readonly tokenizer: Tokenizer
  /** True where the server closes the connection after an answer without having said so (llama-server, streams). */
  readonly closesAfter: { readonly stream: boolean; readonly body: boolean }
}

/** A close that follows an answer is seen within this time on the machine itself. */
const closeWaitMs = 25

/**
 * Finds out what all scenarios need to know of a started server: the model's name, how prompts get exact lengths,
 * whether connections outlive an answer. Costs a handful of one-token requests.
 *
 * @throws ActionError `invalid` when the server names no model, or counts no prompt tokens.
 */
export async function connect(origin: string, api: ApiConfig, limits: RequestLimits): Promise<Target> {
  const session = new Session(origin, api, limits)
  try {
    const model = await findModel(session)
    const [promptSource, tokenizer] = await choosePromptSource(session, model)
    const closes = (streaming: boolean): Promise<boolean> => findCloses(origin, api, { model, streaming }, limits)
    const [stream, body] = await Promise.all([closes(true), closes(false)])
    const countSource = apis[api.type].countSource(api)
    return { origin, api, model, promptSource, tokenizer, countSource, closesAfter: { stream, body } }
  } finally {
    await session.close()
  }
}

async function findCloses(
  origin: string,
  api: ApiConfig,
  ask: { readonly model: string | null; readonly streaming: boolean },
  limits: RequestLimits,
): Promise<boolean> {
  const session = new Session(origin, api, limits, { keepsAlive: true })
  try {
    const { capture } = await session.ask({ ...ask, prompt: 'Hello', outputTokens: 1, isLlamaCpp: false })
    // A server that cannot stream is judged where a scenario streams.
    if (capture.failure || capture.status !== 200) return false
    await sleep(closeWaitMs)
    return !session.isOpen
  } finally {
    await session.close()
  }
}
