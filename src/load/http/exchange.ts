import type { Dispatcher } from 'undici'
import type { Capture, Chunk, TransportFailure } from './capture.ts'
import { failureOf } from './failure.ts'

/**
 * One request on the wire. Its callbacks only stamp and store, so that looking into one answer never delays the stamp
 * of another. It settles exactly once: the answer's end, a failure, or when it is stopped.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly settled: Promise<Capture>
  readonly #nowMs: () => number
  readonly #onWritten: () => boolean
  readonly #onSettled: () => void
  readonly #chunks: Chunk[] = []
  readonly #scheduledMs: number
  #resolve: (capture: Capture) => void = () => {}
  #controller: Dispatcher.DispatchController | null = null
  #sentMs: number | null = null
  #firstByteMs: number | null = null
  #status: number | null = null
  #isReused = false
  #isSettled = false

  /**
   * @param onWritten called as the request is written: true when its socket has carried a request before
   * @param onSettled called once, just before `settled` resolves
   */
  constructor(nowMs: () => number, onWritten: () => boolean, onSettled: () => void) {
    this.#nowMs = nowMs
    this.#onWritten = onWritten
    this.#onSettled = onSettled
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve
    })
    this.#scheduledMs = nowMs()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // Given up while it still waited for its connection: it must not reach the server any more.
    if (this.#isSettled) {
      controller.abort(new Error('The request was given up before it was sent.'))
      return
    }
    this.#isReused = this.#onWritten()
    this.#sentMs = this.#nowMs()
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return
    this.#firstByteMs = this.#nowMs()
    this.#status = status
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    this.#chunks.push({ atMs: this.#nowMs(), bytes })
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

  /** Gives the request up; what came so far is kept. */
  stop(failure: TransportFailure): void {
    this.#settle(failure)
    this.#controller?.abort(new Error(failure.detail))
  }

  #settle(failure: TransportFailure | null): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#onSettled()
    this.#resolve({
      scheduledMs: this.#scheduledMs,
      sentMs: this.#sentMs,
      firstByteMs: this.#firstByteMs,
      settledMs: this.#nowMs(),
      status: this.#status,
      chunks: this.#chunks,
      failure,
    })
  }
}
