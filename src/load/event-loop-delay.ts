import { monitorEventLoopDelay } from 'node:perf_hooks'

const resolutionMs = 5
const nanosecondsPerMs = 1e6

/** Watches how late our own event loop is: a late loop stamps answers late, and that is not the server's doing. */
export class EventLoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs })

  /** Starts, or starts anew. */
  start(): void {
    this.#histogram.enable()
    this.#histogram.reset()
  }

  /** Stops, and gives the 99th percentile of the delay in milliseconds. */
  stop(): number {
    this.#histogram.disable()
    // Node records the time between two ticks of a timer, its own interval included.
    return Math.max(0, this.#histogram.percentile(99) / nanosecondsPerMs - resolutionMs)
  }
}
