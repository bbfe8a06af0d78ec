import { median } from 'simple-statistics'
import type { Capture } from '../http/capture.ts'

/** A wave of requests below this part of the one before says that the server was still getting faster. */
const agrees = 0.75
/** The unrest of any machine: what got faster by less, has not been cold. */
const unrestMs = 20
/** Waves after which measuring begins, whether they agree or not: what follows is then judged by what is measured. */
const mostWaves = 3

/**
 * Decides when a closed loop is warm. As many requests as there are streams are a wave. After the first wave, which pays
 * for everything that happens once, the next one must not be much faster any more; else the warm-up goes on, up to three
 * waves. A server that fails requests is not waited for.
 */
export class WarmUp {
  readonly #streams: number
  readonly #least: number
  readonly #latenciesMs: number[] = []
  #sent = 0
  #hasFailed = false

  constructor(streams: number) {
    this.#streams = streams
    this.#least = Math.max(2, streams)
  }

  noteSent(): void {
    this.#sent += 1
  }

  noteSettled({ failure, status, sentMs, settledMs }: Capture): void {
    if (failure !== null || status !== 200 || sentMs === null) this.#hasFailed = true
    else this.#latenciesMs.push(settledMs - sentMs)
  }

  isOver(): boolean {
    if (this.#sent < this.#least) return false
    return this.#hasFailed || this.#sent >= mostWaves * this.#least || this.#wavesAgree()
  }

  /** Compares the last wave, as far as it has come, with the one before. */
  #wavesAgree(): boolean {
    const settled = this.#latenciesMs.length
    const lastFrom = Math.floor((settled - 1) / this.#streams) * this.#streams
    if (lastFrom <= 0) return false
    const beforeMs = median(this.#latenciesMs.slice(lastFrom - this.#streams, lastFrom))
    const lastMs = median(this.#latenciesMs.slice(lastFrom))
    return lastMs >= agrees * beforeMs || beforeMs - lastMs <= unrestMs
  }
}
