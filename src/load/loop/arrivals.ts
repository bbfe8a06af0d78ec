import type { Arrivals as Process } from '../../model/scenario.ts'
import { endlessArrivals, makeSchedule } from './schedule.ts'
import type { Phase } from './shot.ts'

export interface Arrival {
  readonly phase: Phase
  readonly dueMs: number
}

export interface ArrivalPlan {
  readonly process: Process
  /** Measured requests. */
  readonly requests: number
  readonly rampMs: number
  readonly startMs: number
  /** A source of random numbers for a phase: the same on every machine. */
  readonly randomOf: (phase: Phase) => () => number
}

/** All requests of an open loop in the order in which they are due: warm-up until it is told to be over, then measured. */
export class ArrivalFeed {
  /** Zero of the schedule of the measured requests: the last warm-up request was due then. */
  measuringFromMs: number | null = null
  readonly #startMs: number
  readonly #warmup: () => number
  readonly #scheduleMs: Float64Array
  #lastDueMs: number
  #measured = 0

  constructor({ process, requests, rampMs, startMs, randomOf }: ArrivalPlan) {
    this.#startMs = startMs
    this.#lastDueMs = startMs
    this.#warmup = endlessArrivals(process, rampMs, randomOf('warm-up'))
    this.#scheduleMs = makeSchedule(process, requests, randomOf('measured'))
  }

  /** @returns null when all have been given */
  next(isWarm: boolean): Arrival | null {
    if (this.measuringFromMs === null) {
      if (!isWarm) {
        this.#lastDueMs = this.#startMs + this.#warmup()
        return { phase: 'warm-up', dueMs: this.#lastDueMs }
      }
      this.measuringFromMs = this.#lastDueMs
    }
    const offsetMs = this.#scheduleMs[this.#measured]
    if (offsetMs === undefined) return null
    this.#measured += 1
    return { phase: 'measured', dueMs: this.measuringFromMs + offsetMs }
  }
}
