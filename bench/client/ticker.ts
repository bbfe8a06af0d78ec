const everyMs = 100

/**
 * Ticks by an absolute schedule and notes how late each tick came. A clock or timer that drifts shows as lateness that
 * grows; one that is only slow now and then does not.
 */
export class Ticker {
  readonly latenessMs: number[] = []
  readonly #startMs = performance.now()
  #timer: NodeJS.Timeout

  constructor() {
    this.#timer = this.#arm()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #arm(): NodeJS.Timeout {
    const dueMs = this.#startMs + (this.latenessMs.length + 1) * everyMs
    return setTimeout(
      () => {
        this.latenessMs.push(performance.now() - dueMs)
        this.#timer = this.#arm()
      },
      Math.max(0, dueMs - performance.now()),
    )
  }
}
