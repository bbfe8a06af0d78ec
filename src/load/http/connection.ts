import { Client } from 'undici'
import type { HttpRequest } from '../api/api.ts'
import type { Capture } from './capture.ts'
import { Exchange } from './exchange.ts'

const connectTimeoutMs = 10_000
/** Servers close idle connections at 5 s (uvicorn, llama-server); we let go of ours well before. */
const keepAliveMs = 3_500
/** An answer without end must not fill the memory of the runner. */
const maxResponseBytes = 64 * 1024 * 1024

export interface SendOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Ask the server to close the connection afterwards, so that the next request gets a fresh one. */
  readonly isLast?: boolean
}

/**
 * One kept-alive connection that carries one request at a time. A closed loop has one for each request in flight,
 * which is what a pool with as many connections and no pipelining does, and here it is known which request reused a
 * socket. Nothing is ever sent twice.
 */
export class Connection {
  readonly #client: Client
  readonly #nowMs: () => number
  /** Requests written to the present socket. */
  #carried = 0
  #isOpen = false

  constructor(origin: string, nowMs: () => number) {
    this.#nowMs = nowMs
    this.#client = new Client(origin, {
      pipelining: 1,
      allowH2: false,
      connectTimeout: connectTimeoutMs,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      // Their timers are coarse and restart with each byte; the exchange has a deadline of its own.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: maxResponseBytes,
    })
    this.#client.on('connect', () => {
      this.#carried = 0
      this.#isOpen = true
    })
    this.#client.on('disconnect', () => {
      this.#isOpen = false
    })
  }

  /** True while a socket is open, idle or not. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Sends one request. Never rejects: a failure is part of what is captured. */
  send(request: HttpRequest, { timeoutMs, signal, isLast = false }: SendOptions): Promise<Capture> {
    const isReusedSocket = (): boolean => {
      this.#carried += 1
      return this.#carried > 1
    }
    const exchange = new Exchange({ nowMs: this.#nowMs, timeoutMs, signal, isReusedSocket })
    if (signal.aborted) return exchange.settled
    this.#client.dispatch(
      {
        method: request.method,
        path: request.path,
        body: request.body,
        // Compression would hold events back.
        headers: { 'content-type': 'application/json', 'accept-encoding': 'identity' },
        ...(isLast ? { reset: true } : {}),
      },
      exchange,
    )
    return exchange.settled
  }

  /** Closes the socket at once; a request still under way fails. */
  async close(): Promise<void> {
    await this.#client.destroy()
  }
}
