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

  stop(): void {
    this.#histogram.disable()
  }

  /** The delay at a percentile (in per cent), milliseconds. */
  percentileMs(percentile: number): number {
    // Node records the time between two ticks of a timer, its own interval included.
    return Math.max(0, this.#histogram.percentile(percentile) / nanosecondsPerMs - resolutionMs)
  }
}
