import type { HttpRequest } from '../api/api.ts'

export type Phase = 'warm-up' | 'measured'

/** One request of a loop, written and ready to leave. */
export interface Shot {
  readonly phase: Phase
  /** Counted from 0 within its phase. */
  readonly index: number
  readonly request: HttpRequest
}

/** When a request could have left, milliseconds of the loop's clock. */
export interface Departure {
  /** By the schedule. */
  readonly dueMs: number
  /** Due, and a connection was free: what comes after is our own delay. */
  readonly readyMs: number
}

/**
 * Requests written ahead of their turn, so that making a prompt takes no time between two requests. Both phases are kept
 * in stock, since it shows only at the last moment that the warm-up is over.
 */
export class Stock {
  readonly #make: (phase: Phase, index: number) => HttpRequest
  readonly #ahead: number
  readonly #mostMeasured: number
  readonly #shots: Record<Phase, Shot[]> = { 'warm-up': [], measured: [] }
  readonly #made: Record<Phase, number> = { 'warm-up': 0, measured: 0 }

  /**
   * @param ahead requests of each phase that are kept ready
   * @param mostMeasured measured requests that will ever be taken, as far as that is known
   */
  constructor(
    make: (phase: Phase, index: number) => HttpRequest,
    { ahead, mostMeasured }: { readonly ahead: number; readonly mostMeasured: number },
  ) {
    this.#make = make
    this.#ahead = ahead
    this.#mostMeasured = mostMeasured
    while (this.refill('warm-up'));
    while (this.refill('measured'));
  }

  take(phase: Phase): Shot {
    return this.#shots[phase].shift() ?? this.#next(phase)
  }

  /** Writes one request, if the stock of the phase is not full. */
  refill(phase: Phase): boolean {
    if (this.#shots[phase].length >= this.#ahead) return false
    if (phase === 'measured' && this.#made.measured >= this.#mostMeasured) return false
    this.#shots[phase].push(this.#next(phase))
    return true
  }

  #next(phase: Phase): Shot {
    const index = this.#made[phase]
    this.#made[phase] += 1
    return { phase, index, request: this.#make(phase, index) }
  }
}
