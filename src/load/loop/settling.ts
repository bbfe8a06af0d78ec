import type { Capture } from '../http/capture.ts'

/** Times the requests in flight at the first answer that must have ended: the first of them met an idle server. */
const roundsInFlight = 2
/** The same for requests sent, where the server cannot keep up and their number would grow for ever. */
const mostRounds = 6
const leastSettled = 2
/** As many as come in a second, up to this number: our own code runs faster once it has run some dozens of times. */
const mostForCode = 64

/**
 * Decides when the warm-up of an open loop is over. When the first answer comes, as many requests are in flight as the
 * load keeps there in the long run, if the server can follow at all; once twice as many have ended, neither the idle
 * server of the beginning nor a first connection is to be seen any more. A server that fails requests is not waited for.
 */
export class Settling {
  readonly #least: number
  #sent = 0
  #settled = 0
  #inFlightAtFirstAnswer = 0
  #hasFailed = false

  constructor(requestsPerSecond: number) {
    this.#least = Math.max(leastSettled, Math.min(mostForCode, Math.floor(requestsPerSecond)))
  }

  noteSent(): void {
    this.#sent += 1
  }

  noteSettled({ failure, status }: Capture): void {
    if (failure !== null || status !== 200) this.#hasFailed = true
    if (this.#settled === 0) this.#inFlightAtFirstAnswer = this.#sent
    this.#settled += 1
  }

  isOver(): boolean {
    if (this.#settled < leastSettled) return false
    if (this.#hasFailed) return true
    if (this.#sent < this.#least) return false
    const inFlight = this.#inFlightAtFirstAnswer
    return this.#settled >= roundsInFlight * inFlight || this.#sent >= mostRounds * inFlight
  }
}
