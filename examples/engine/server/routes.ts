import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LoadedModel } from '../inference/model.ts'
import { ApiError } from './api-error.ts'
import { chat } from './chat.ts'
import { completions } from './completions.ts'
import { type JsonObject, readJson, sendJson } from './http.ts'
import { tokenize } from './tokenize.ts'

/** What a POST endpoint works with: the body is parsed, the model's name checked. */
export interface Exchange {
  readonly loaded: LoadedModel
  readonly modelName: string
  readonly body: JsonObject
  readonly response: ServerResponse
}

export type Endpoint = (exchange: Exchange) => Promise<void>

/** What the server answers from. `loaded` is null while the model loads. */
export interface ServerState {
  readonly modelName: string
  loaded: LoadedModel | null
}

const posts: Readonly<Record<string, Endpoint>> = {
  '/v1/completions': completions,
  '/v1/chat/completions': chat,
  '/tokenize': tokenize,
}

const loading = (): ApiError => new ApiError(503, 'loading', 'The model is still loading')

/** Also tells the slots in use and the requests in line. */
function sendHealth(state: ServerState, response: ServerResponse): void {
  if (state.loaded === null) throw loading()
  const { active, queued } = state.loaded.slots
  sendJson(response, 200, { status: 'ok', active, queued })
}

function sendModels(state: ServerState, response: ServerResponse): void {
  if (state.loaded === null) throw loading()
  const entry = { id: state.modelName, object: 'model', owned_by: 'llm-perf', max_model_len: state.loaded.contextSize }
  sendJson(response, 200, { object: 'list', data: [entry] })
}

const gets: Readonly<Record<string, (state: ServerState, response: ServerResponse) => void>> = {
  '/health': sendHealth,
  '/v1/models': sendModels,
}

async function dispatchPost(
  state: ServerState,
  endpoint: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (state.loaded === null) throw loading()
  const body = await readJson(request)
  const { modelName } = state
  if ((body.model ?? modelName) !== modelName) {
    const asked = JSON.stringify(body.model)
    throw new ApiError(
      404,
      'model_not_found',
      `The model ${asked} does not exist; this server has ${modelName}`,
      'model',
    )
  }
  await endpoint({ loaded: state.loaded, modelName, body, response })
}

/**
 * Answers one request.
 * @throws ApiError for everything that the client must hear of before any part of the answer was sent.
 */
export async function dispatch(state: ServerState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  const get = Object.hasOwn(gets, path) ? gets[path] : undefined
  const post = Object.hasOwn(posts, path) ? posts[path] : undefined
  if (!get && !post) throw new ApiError(404, 'not_found', `There is nothing at ${path}`)
  const allowed = get ? 'GET' : 'POST'
  if (request.method !== allowed) {
    response.setHeader('allow', allowed)
    throw new ApiError(405, 'method_not_allowed', `${path} takes ${allowed}, not ${request.method}`)
  }
  if (get) get(state, response)
  if (post) await dispatchPost(state, post, request, response)
}
