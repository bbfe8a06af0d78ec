import { setTimeout as sleep } from 'node:timers/promises'
import type { Capture } from '../http/capture.ts'
import { Connection } from '../http/connection.ts'
import { Desk } from './desk.ts'
import type { LoopOptions, LoopResult } from './loop.ts'
import { type Shot, Stock } from './shot.ts'
import { WarmUp } from './warm-up.ts'

/**
 * Keeps `concurrency` requests in flight: each stream sends its next request as soon as the last one has ended, however
 * it ended, or after the think time. The streams join evenly over the ramp; then the warm-up goes over into measuring
 * without a pause. Resolves when all have settled and every socket is closed. After an abort nothing more is sent.
 */
export async function runClosedLoop(options: LoopOptions): Promise<LoopResult> {
  const { scenario, origin, nowMs } = options
  const streams = scenario.concurrency ?? 1
  const course = new Course(options, streams)
  // Nothing is ever due at a time here: whatever is not urgent waits for a moment at which nothing arrives.
  const desk = new Desk(
    nowMs,
    () => Number.POSITIVE_INFINITY,
    (error) => course.fail(error),
  )
  const turn = new Turn()
  const connections = Array.from({ length: streams }, () => new Connection(origin, nowMs))
  const joinStepMs = (scenario.rampSeconds * 1000) / streams
  try {
    await Promise.all(
      connections.map((connection, index) => keepBusy({ connection, course, desk, turn, options }, index * joinStepMs)),
    )
    course.throwIfFailed()
    desk.finish()
  } finally {
    course.stop()
    desk.drop()
    await Promise.all(connections.map((connection) => connection.close()))
  }
  return course.result()
}

interface Stream {
  readonly connection: Connection
  readonly course: Course
  readonly desk: Desk
  readonly turn: Turn
  readonly options: LoopOptions
}

async function keepBusy({ connection, course, desk, turn, options }: Stream, joinMs: number): Promise<void> {
  const { timeoutMs, signal, keepsConnections, scenario } = options
  await pause(joinMs, signal)
  for (;;) {
    const shot = course.next()
    if (!shot) return
    const capture = await connection.send(shot.request, { timeoutMs, signal, isLast: !keepsConnections })
    course.noteSettled(shot, capture)
    desk.later(() => options.onSettled(shot, null, capture))
    desk.later(() => course.refill(shot))
    if (scenario.thinkTimeMs > 0) await pause(scenario.thinkTimeMs, signal)
    // Streams that move in step end together: each is stamped before the first of them sends again.
    else await turn.next()
  }
}

/** The next turn of the event loop, when everything that had arrived has been taken in. */
class Turn {
  #next: Promise<void> | null = null

  next(): Promise<void> {
    this.#next ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#next = null
        resolve()
      })
    })
    return this.#next
  }
}

/** Ends early, and without an error, when the run is stopped. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {})
}

/** What the streams share: which request is next, and which phase it belongs to. */
class Course {
  readonly #options: LoopOptions
  readonly #stock: Stock
  readonly #warmUp: WarmUp
  readonly #rampEndMs: number
  #isStopped = false
  #failure: { readonly error: unknown } | null = null
  #measuringSinceMs: number | null = null
  #warmupRequests = 0
  #measured = 0
  #inFlight = 0
  #peakInFlight = 0

  constructor(options: LoopOptions, streams: number) {
    this.#options = options
    const { requests, minSeconds, rampSeconds } = options.scenario
    const mostMeasured = minSeconds > 0 ? Number.POSITIVE_INFINITY : requests
    this.#stock = new Stock(options.makeRequest, { ahead: streams, mostMeasured })
    this.#warmUp = new WarmUp(streams)
    this.#rampEndMs = options.nowMs() + rampSeconds * 1000
  }

  /** After an error in one stream: the others must not go on in the background. */
  stop(): void {
    this.#isStopped = true
  }

  /** What looking into an answer came upon: a mistake of ours, which must not be lost. */
  fail(error: unknown): void {
    this.#failure ??= { error }
    this.stop()
  }

  throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error
  }

  /** The request to be sent now; null when everything is sent. */
  next(): Shot | null {
    if (this.#isStopped || this.#options.signal.aborted) return null
    if (this.#measuringSinceMs === null && this.#isWarm()) {
      this.#measuringSinceMs = this.#options.nowMs()
      this.#options.onMeasuring()
    }
    if (this.#measuringSinceMs === null) this.#warmupRequests += 1
    else if (this.#isDone(this.#measuringSinceMs)) return null
    else this.#measured += 1
    this.#inFlight += 1
    this.#peakInFlight = Math.max(this.#peakInFlight, this.#inFlight)
    return this.#stock.take(this.#measuringSinceMs === null ? 'warm-up' : 'measured')
  }

  refill({ phase }: Shot): void {
    this.#stock.refill(phase)
  }

  noteSettled({ phase }: Shot, capture: Capture): void {
    this.#inFlight -= 1
    if (phase === 'warm-up' && this.#isRampOver()) this.#warmUp.noteSettled(capture)
  }

  result(): LoopResult {
    const warmupRequests = this.#warmupRequests
    return { warmupRequests, peakInFlight: this.#peakInFlight, queuedRequests: 0, scheduleStartMs: null }
  }

  /** What is sent during the ramp meets less than the whole load, so the warm-up counts from its end. */
  #isWarm(): boolean {
    if (!this.#isRampOver()) return false
    if (this.#warmUp.isOver()) return true
    this.#warmUp.noteSent()
    return false
  }

  #isRampOver(): boolean {
    return this.#options.nowMs() >= this.#rampEndMs
  }

  #isDone(sinceMs: number): boolean {
    const { requests, minSeconds } = this.#options.scenario
    return this.#measured >= requests && (minSeconds === 0 || this.#options.nowMs() - sinceMs >= minSeconds * 1000)
  }
}
