import { ActionError } from '../errors.ts'
import { apis } from './api/index.ts'
import { valueAt } from './api/json.ts'
import { describeCapture } from './http/capture.ts'
import type { Session } from './session.ts'

/** The model to name in requests: the configured one, else the first that the server lists; null where none is needed. */
export async function findModel(session: Session): Promise<string | null> {
  const { config } = session
  const { modelList } = apis[config.type]
  if (config.model !== null || modelList === null) return config.model
  const { value, capture } = await session.json('GET', modelList.path, null)
  const name = valueAt(value, modelList.firstName)
  if (typeof name === 'string' && name !== '') return name
  const message = `GET ${modelList.path} names no model: ${describeCapture(capture)}.`
  if (isPassing(capture.status)) throw new Error(message)
  throw new ActionError('invalid', message, 'Set api.model to the name that the server expects.')
}

/** True for what a server may answer while it is still starting, or null when it did not answer: asking again can help. */
export function isPassing(status: number | null): boolean {
  return status === null || status >= 500 || status === 408 || status === 425 || status === 429
}
