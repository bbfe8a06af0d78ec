import { Client } from 'undici'
import type { HttpRequest } from '../api/api.ts'
import type { Capture } from './capture.ts'
import { directConnector } from './direct-reading.ts'
import { Exchange, type Line } from './exchange.ts'
import { deadlineFailure } from './failure.ts'

const connectTimeoutMs = 10_000
/** Servers close idle connections at 5 s (uvicorn, llama-server); we let go of ours well before. */
const keepAliveMs = 3_500
/** An answer without end must not fill the memory of the runner. */
const maxResponseBytes = 64 * 1024 * 1024
/** Compression would hold events back. */
const headers = ['content-type', 'application/json', 'accept-encoding', 'identity']

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
 *
 * The deadline's timer and the listener for the end of the run belong to the connection and not to each request: at
 * thousands of requests a second, making them anew is a tenth of all work.
 */
export class Connection {
  readonly #client: Client
  readonly #line: Line
  /** Requests written to the present socket. */
  #carried = 0
  #isOpen = false
  #arrivalMs = Number.NaN
  #lastBodyBytes = 0
  #exchange: Exchange | null = null
  #timeoutMs = 0
  #timer: NodeJS.Timeout | null = null
  #signal: AbortSignal | null = null

  constructor(origin: string, nowMs: () => number) {
    this.#line = {
      nowMs,
      arrivalMs: () => this.#arrivalMs,
      expectedBytes: () => this.#lastBodyBytes,
      noteWritten: () => this.#noteWritten(),
      noteSettled: (bodyBytes) => this.#noteSettled(bodyBytes),
    }
    const connect = directConnector(connectTimeoutMs, () => {
      this.#arrivalMs = nowMs()
    })
    this.#client = new Client(origin, {
      pipelining: 1,
      allowH2: false,
      connect,
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

  /**
   * Sends one request, once the one before has settled. A failure is part of what is captured.
   *
   * @throws Error when another request is under way, which would be our own mistake.
   */
  send(request: HttpRequest, { timeoutMs, signal, isLast = false }: SendOptions): Promise<Capture> {
    if (this.#exchange !== null) throw new Error('a connection carries one request at a time')
    const exchange = new Exchange(this.#line)
    this.#exchange = exchange
    this.#listenTo(signal)
    if (signal.aborted) {
      this.#onAbort()
      return exchange.settled
    }
    this.#startTimer(timeoutMs)
    const { method, path, body } = request
    this.#client.dispatch({ method, path, body, headers, ...(isLast ? { reset: true } : {}) }, exchange)
    return exchange.settled
  }

  /** Closes the socket at once; a request still under way fails. */
  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#signal = null
    await this.#client.destroy()
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
  }

  /** A request is being written; true when its socket has carried another one before. */
  #noteWritten(): boolean {
    this.#carried += 1
    return this.#carried > 1
  }

  #noteSettled(bodyBytes: number): void {
    this.#exchange = null
    this.#lastBodyBytes = bodyBytes
  }

  readonly #onAbort = (): void => this.#exchange?.stop({ outcome: 'aborted', detail: 'The run was stopped.' })

  /** The timer starts anew with each request, so when it fires, the one under way is as old as that. */
  readonly #onDeadline = (): void => {
    this.#timer = null
    this.#exchange?.stop(deadlineFailure(this.#timeoutMs))
  }

  #startTimer(timeoutMs: number): void {
    if (this.#timer !== null && this.#timeoutMs === timeoutMs) {
      this.#timer.refresh()
      return
    }
    if (this.#timer) clearTimeout(this.#timer)
    this.#timeoutMs = timeoutMs
    this.#timer = setTimeout(this.#onDeadline, timeoutMs)
  }

  #listenTo(signal: AbortSignal): void {
    if (this.#signal === signal) return
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#signal = signal
    signal.addEventListener('abort', this.#onAbort, { once: true })
  }
}
