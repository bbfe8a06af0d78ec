import type { Dispatcher } from 'undici'
import type { Capture, Chunk, TransportFailure } from './capture.ts'
import { deadlineFailure, failureOf } from './failure.ts'

interface ExchangeOptions {
  readonly nowMs: () => number
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Called as the request is written: true when its socket has carried a request before. */
  readonly isReusedSocket: () => boolean
}

/**
 * One request on the wire. Its callbacks only stamp and store, so that looking into one answer never delays the stamp
 * of another. It settles exactly once: the answer's end, a failure, the deadline or the end of the run.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly settled: Promise<Capture>
  readonly #options: ExchangeOptions
  readonly #chunks: Chunk[] = []
  readonly #scheduledMs: number
  readonly #timer: NodeJS.Timeout
  readonly #onAbort = (): void => this.#stop({ outcome: 'aborted', detail: 'The run was stopped.' })
  #resolve: (capture: Capture) => void = () => {}
  #controller: Dispatcher.DispatchController | null = null
  #sentMs: number | null = null
  #firstByteMs: number | null = null
  #status: number | null = null
  #isReused = false
  #isSettled = false

  constructor(options: ExchangeOptions) {
    this.#options = options
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve
    })
    this.#scheduledMs = options.nowMs()
    this.#timer = setTimeout(() => this.#stop(deadlineFailure(options.timeoutMs)), options.timeoutMs)
    options.signal.addEventListener('abort', this.#onAbort, { once: true })
    if (options.signal.aborted) this.#onAbort()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // Given up while it still waited for its connection: it must not reach the server any more.
    if (this.#isSettled) {
      controller.abort(new Error('The request was given up before it was sent.'))
      return
    }
    this.#isReused = this.#options.isReusedSocket()
    this.#sentMs = this.#options.nowMs()
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return
    this.#firstByteMs = this.#options.nowMs()
    this.#status = status
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    this.#chunks.push({ atMs: this.#options.nowMs(), bytes })
  }

  onResponseEnd(): void {
    this.#settle(null)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle(
      failureOf(error, {
        wasSent: this.#sentMs !== null,
        wasAnswered: this.#firstByteMs !== null,
        wasReused: this.#isReused,
      }),
    )
  }

  #stop(failure: TransportFailure): void {
    this.#settle(failure)
    this.#controller?.abort(new Error(failure.detail))
  }

  #settle(failure: TransportFailure | null): void {
    if (this.#isSettled) return
    this.#isSettled = true
    clearTimeout(this.#timer)
    this.#options.signal.removeEventListener('abort', this.#onAbort)
    this.#resolve({
      scheduledMs: this.#scheduledMs,
      sentMs: this.#sentMs,
      firstByteMs: this.#firstByteMs,
      settledMs: this.#options.nowMs(),
      status: this.#status,
      chunks: this.#chunks,
      failure,
    })
  }
}
