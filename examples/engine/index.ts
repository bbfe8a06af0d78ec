import { loadModel } from './inference/model.ts'
import { type EngineOptions, resolveOptions } from './options.ts'
import { listen, type RequestInfo } from './server/listen.ts'
import type { ServerState } from './server/routes.ts'

export type { EngineOptions } from './options.ts'
export type { RequestInfo } from './server/listen.ts'

export interface StartOptions extends Partial<EngineOptions> {
  /** Called for every request before it is answered, e.g. to count requests. */
  readonly onRequest?: (info: RequestInfo) => void
}

export interface Engine {
  readonly port: number
  /** Stops accepting and cuts every connection. The process can end right after. */
  close(): void
}

/**
 * The compute library works on libuv's thread pool; with more than one worker the job wanders between cores and gets up
 * to twice as slow. The pool reads this variable when it is first used, so it is set before anything can use it.
 */
function keepComputeOnOneWorker(): void {
  process.env.UV_THREADPOOL_SIZE ??= '1'
}

/**
 * Starts an OpenAI-compatible server on a model with random weights. The port is open while the model still loads
 * (`/health` says 503 until then); resolves when the first request can be answered.
 *
 * Call it first thing in a process of its own: compute wants the thread pool for itself.
 * @throws OptionsError that lists every wrong option; the system's error when the port is taken.
 */
export async function startEngine({ onRequest = () => {}, ...given }: StartOptions = {}): Promise<Engine> {
  keepComputeOnOneWorker()
  const options = resolveOptions(given)
  const state: ServerState = { modelName: `random-${options.preset}`, loaded: null }
  const { server, port } = await listen(state, options, onRequest)
  const close = (): void => {
    server.close()
    server.closeAllConnections()
  }
  try {
    state.loaded = await loadModel(options)
  } catch (error) {
    close()
    throw error
  }
  return { port, close }
}
