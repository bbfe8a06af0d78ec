import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError } from './api-error.ts'

const maxBodyBytes = 8 * 1024 * 1024

export type JsonObject = Readonly<Record<string, unknown>>

/**
 * The request's body as a JSON object.
 * @throws ApiError 400 when it is none, 413 beyond 8 MiB.
 */
export async function readJson(request: IncomingMessage): Promise<JsonObject> {
  const parts: Buffer[] = []
  let length = 0
  // What is too large is read to its end, so that the connection stays in step for the answer and for later requests.
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length <= maxBodyBytes) parts.push(part)
  }
  if (length > maxBodyBytes) {
    throw new ApiError(413, 'body_too_large', `The body has ${length} bytes; at most ${maxBodyBytes} are allowed`)
  }
  const text = Buffer.concat(parts).toString('utf8')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new ApiError(400, 'invalid_json', `The body is not valid JSON: ${(error as Error).message}`)
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as JsonObject
  throw new ApiError(400, 'invalid_json', 'The body must be one JSON object')
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body), 'utf8')
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length })
  response.end(bytes)
}

/** Aborts when the client goes away before the answer is complete. */
export function abortOnDisconnect(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return controller.signal
}
