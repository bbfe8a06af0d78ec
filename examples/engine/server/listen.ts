import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errorBody, toApiError } from './api-error.ts'
import { sendJson } from './http.ts'
import { dispatch, type ServerState } from './routes.ts'

/** Idle connections stay open longer than any client pauses, so that no reused connection is found closed. */
const keepAliveMs = 65_000

/** One request as a team's own server sees it, before it is answered. */
export interface RequestInfo {
  readonly method: string
  readonly path: string
  /** Counted from 1. */
  readonly number: number
}

async function respond(state: ServerState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    await dispatch(state, request, response)
  } catch (thrown) {
    // The client went away while sending: nobody is left to hear of it.
    if (response.destroyed) return
    const error = toApiError(thrown)
    if (error.status >= 500 && error.status !== 503) process.stderr.write(`${error.stack ?? error.message}\n`)
    if (response.headersSent) response.destroy()
    else sendJson(response, error.status, errorBody(error))
  }
}

/**
 * Listens and answers; resolves once the port is open, rejects when it cannot be opened.
 * @param onRequest called for every request first.
 */
export function listen(
  state: ServerState,
  address: { readonly port: number; readonly host: string },
  onRequest: (info: RequestInfo) => void,
): Promise<{ server: Server; port: number }> {
  let number = 0
  const server = createServer({ keepAliveTimeout: keepAliveMs, noDelay: true }, (request, response) => {
    number++
    onRequest({ method: request.method ?? '', path: request.url ?? '', number })
    void respond(state, request, response)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, () => {
      server.off('error', reject)
      resolve({ server, port: (server.address() as AddressInfo).port })
    })
  })
}
