import type { Dispatcher } from 'undici'
import { Body } from './body.ts'
import type { Capture, TransportFailure } from './capture.ts'
import { failureOf } from './failure.ts'

/** The connection, as the exchange that it carries sees it. */
export interface Line {
  nowMs(): number
  /** When the bytes came that are being taken in. */
  arrivalMs(): number
  /** A guess at the length of the answer. */
  expectedBytes(): number
  /** Called as the request is written: true when its socket has carried a request before. */
  noteWritten(): boolean
  /** Called once, just before the exchange settles. */
  noteSettled(bodyBytes: number): void
}

/**
 * One request on the wire. Its callbacks only stamp and store, so that looking into one answer never delays the stamp
 * of another. It settles exactly once: the answer's end, a failure, or when it is stopped.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly settled: Promise<Capture>
  readonly #line: Line
  readonly #body: Body
  readonly #scheduledMs: number
  #resolve: (capture: Capture) => void = () => {}
  #controller: Dispatcher.DispatchController | null = null
  #sentMs: number | null = null
  #firstByteMs: number | null = null
  #status: number | null = null
  #isReused = false
  #isSettled = false

  constructor(line: Line) {
    this.#line = line
    this.#body = new Body(line.expectedBytes())
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve
    })
    this.#scheduledMs = line.nowMs()
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // Given up while it still waited for its connection: it must not reach the server any more.
    if (this.#isSettled) {
      controller.abort(new Error('The request was given up before it was sent.'))
      return
    }
    this.#isReused = this.#line.noteWritten()
    this.#sentMs = this.#line.nowMs()
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return
    this.#firstByteMs = this.#line.arrivalMs()
    this.#status = status
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    this.#body.add(bytes, this.#line.arrivalMs())
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
    this.#line.noteSettled(this.#body.length)
    this.#resolve({
      scheduledMs: this.#scheduledMs,
      sentMs: this.#sentMs,
      firstByteMs: this.#firstByteMs,
      settledMs: this.#line.nowMs(),
      status: this.#status,
      body: this.#body,
      failure,
    })
  }
}
