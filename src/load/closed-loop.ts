import type { HttpRequest } from './api/api.ts'
import type { Capture } from './http/capture.ts'
import { Connection } from './http/connection.ts'

export interface ClosedLoopOptions {
  readonly origin: string
  /** Requests kept in flight. */
  readonly concurrency: number
  /** Requests in all, counted from index 0. */
  readonly total: number
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly nowMs: () => number
  /** False: each request gets a fresh connection. */
  readonly keepsConnections: boolean
  makeRequest(index: number): HttpRequest
  /** Called right before a request is handed to its connection. */
  onSend(index: number): void
  /** Called after the next request of the same connection has left, so that looking into answers delays no request. */
  onSettled(index: number, capture: Capture): void
}

interface Job {
  readonly index: number
  readonly request: HttpRequest
}

/**
 * Keeps `concurrency` requests in flight until `total` are sent: each connection sends its next request as soon as
 * the last one has ended, however it ended. Resolves when all have settled and every socket is closed. After an abort
 * nothing more is sent.
 */
export async function runClosedLoop(options: ClosedLoopOptions): Promise<void> {
  const feed = new Feed(options)
  const connections = Array.from(
    { length: Math.min(options.concurrency, options.total) },
    () => new Connection(options.origin, options.nowMs),
  )
  try {
    await Promise.all(connections.map((connection) => keepBusy(connection, feed, options)))
  } finally {
    await Promise.all(connections.map((connection) => connection.close()))
  }
}

async function keepBusy(connection: Connection, feed: Feed, options: ClosedLoopOptions): Promise<void> {
  const { timeoutMs, signal, keepsConnections } = options
  let last: { index: number; capture: Capture } | null = null
  for (;;) {
    const job = signal.aborted ? null : feed.take()
    if (job) options.onSend(job.index)
    const pending = job && connection.send(job.request, { timeoutMs, signal, isLast: !keepsConnections })
    if (last) options.onSettled(last.index, last.capture)
    feed.refill()
    if (!job || !pending) return
    last = { index: job.index, capture: await pending }
  }
}

/** Requests written ahead of their turn, so that making a prompt takes no time between two requests. */
class Feed {
  readonly #options: ClosedLoopOptions
  readonly #stock: Job[] = []
  #next = 0

  constructor(options: ClosedLoopOptions) {
    this.#options = options
    while (this.#stock.length < options.concurrency && this.#next < options.total) this.refill()
  }

  take(): Job | null {
    return this.#stock.shift() ?? this.#make()
  }

  refill(): void {
    const job = this.#make()
    if (job) this.#stock.push(job)
  }

  #make(): Job | null {
    const index = this.#next
    if (index >= this.#options.total) return null
    this.#next += 1
    return { index, request: this.#options.makeRequest(index) }
  }
}
