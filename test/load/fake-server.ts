import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** One request as the server saw it; times are the server's own. */
export interface Seen {
  readonly path: string
  readonly body: Record<string, unknown>
  readonly startedMs: number
  endedMs: number | null
  readonly socket: Socket
  /** Position of the request on its connection, counted from 1. */
  readonly onSocket: number
}

export type Answer = (response: ServerResponse, seen: Seen, index: number) => void | Promise<void>

/** A real HTTP server on a free port that keeps a log of everything it is asked. */
export class FakeServer implements AsyncDisposable {
  readonly log: Seen[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(answer: Answer) {
    const carried = new WeakMap<Socket, number>()
    this.#server = createServer(async (request, response) => {
      const onSocket = (carried.get(request.socket) ?? 0) + 1
      carried.set(request.socket, onSocket)
      const startedMs = performance.now()
      const body = await readJson(request)
      const seen = { path: request.url ?? '', body, startedMs, endedMs: null, socket: request.socket, onSocket } as Seen
      response.on('close', () => {
        seen.endedMs = performance.now()
      })
      const index = this.log.push(seen) - 1
      await answer(response, seen, index)
    })
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
    })
  }

  static async start(answer: Answer, keepAliveTimeoutMs = 60_000): Promise<FakeServer> {
    const fake = new FakeServer(answer)
    fake.#server.keepAliveTimeout = keepAliveTimeoutMs
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve))
    return fake
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get openSockets(): number {
    return this.#sockets.size
  }

  /** Requests to the paths that make text. */
  get asked(): Seen[] {
    return this.log.filter((seen) => !['/tokenize', '/v1/models'].includes(seen.path))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString()
  return text === '' ? {} : JSON.parse(text)
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value)
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body)
}

export function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
}

export const event = (value: unknown): string =>
  `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`
