/** A timer of the event loop has steps of a millisecond and may be one early or late. */
const timerGrainMs = 1
/** Asking at every turn of the event loop takes a whole core while it lasts, so it lasts no longer than this. */
const longestPollMs = 0.5

/**
 * Wakes at a time more precisely than a timer: a timer until shortly before, then a look at the clock at each turn of the
 * event loop. Answers that arrive meanwhile are received as ever, since each turn takes them in.
 */
export class Alarm {
  readonly #nowMs: () => number
  readonly #wake: () => void
  #atMs = Number.POSITIVE_INFINITY
  #timer: NodeJS.Timeout | null = null
  #poll: NodeJS.Immediate | null = null

  constructor(nowMs: () => number, wake: () => void) {
    this.#nowMs = nowMs
    this.#wake = wake
  }

  /** Replaces an earlier time. A time that has passed wakes at the next turn. */
  set(atMs: number): void {
    this.clear()
    this.#atMs = atMs
    this.#wait()
  }

  clear(): void {
    if (this.#timer) clearTimeout(this.#timer)
    if (this.#poll) clearImmediate(this.#poll)
    this.#timer = null
    this.#poll = null
  }

  #wait(): void {
    const leftMs = this.#atMs - this.#nowMs()
    if (leftMs > longestPollMs + timerGrainMs) {
      this.#timer = setTimeout(this.#look, Math.floor(leftMs - longestPollMs))
    } else {
      this.#poll = setImmediate(this.#look)
    }
  }

  readonly #look = (): void => {
    this.#timer = null
    this.#poll = null
    if (this.#nowMs() >= this.#atMs) this.#wake()
    else this.#wait()
  }
}
