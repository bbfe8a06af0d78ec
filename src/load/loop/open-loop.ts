import { type Arrivals, fewestRequests } from '../../model/scenario.ts'
import type { Random } from '../../stats/random.ts'
import type { Capture } from '../http/capture.ts'
import { Connection } from '../http/connection.ts'
import { Alarm } from './alarm.ts'
import { type Arrival, ArrivalFeed } from './arrivals.ts'
import { Desk } from './desk.ts'
import type { LoopOptions, LoopResult } from './loop.ts'
import { Settling } from './settling.ts'
import { type Departure, type Phase, type Shot, Stock } from './shot.ts'

/** Connections where the scenario names no limit: enough for any server that follows, and no danger to the runner. */
export const mostConnections = 1024

export interface OpenLoopOptions extends LoopOptions {
  readonly arrivals: Arrivals
  /** The same numbers for the same phase, on both sides. */
  readonly randomOf: (phase: Phase) => Random
}

/**
 * Sends each request when it is due, whatever the server does. A request takes a connection that is free, else a new one;
 * where `concurrency` allows no more, it waits for its turn, and since its latency counts from when it was due, nothing
 * is hidden. The warm-up is the same arrivals before the window, and nothing is drained in between. Resolves when all
 * have settled and every socket is closed. After an abort nothing more is sent.
 */
export async function runOpenLoop(options: OpenLoopOptions): Promise<LoopResult> {
  const loop = new OpenLoop(options)
  try {
    await loop.run()
  } finally {
    await loop.close()
  }
  return loop.result()
}

interface Waiting {
  readonly shot: Shot
  readonly dueMs: number
}

class OpenLoop {
  readonly #options: OpenLoopOptions
  readonly #feed: ArrivalFeed
  readonly #stock: Stock
  readonly #desk: Desk
  readonly #alarm: Alarm
  readonly #settling: Settling
  readonly #rampEndMs: number
  readonly #most: number
  readonly #connections: Connection[] = []
  /** The one used last is taken first: its socket is the least likely to have been closed. */
  readonly #free: Connection[] = []
  readonly #waiting: Waiting[] = []
  #next: Arrival | null
  #inFlight = 0
  #peakInFlight = 0
  #warmupRequests = 0
  #queuedRequests = 0
  #finish: () => void = () => {}
  #fail: (error: unknown) => void = () => {}

  constructor(options: OpenLoopOptions) {
    const { scenario, arrivals, randomOf, nowMs } = options
    this.#options = options
    this.#settling = new Settling(arrivals.requestsPerSecond)
    this.#most = scenario.concurrency ?? mostConnections
    const requests = fewestRequests(scenario)
    // What is due within a tenth of a second, so that a burst finds its requests written.
    const ahead = Math.max(16, Math.ceil(arrivals.requestsPerSecond / 10))
    this.#stock = new Stock(options.makeRequest, { ahead, mostMeasured: requests })
    const startMs = nowMs()
    const rampMs = scenario.rampSeconds * 1000
    this.#rampEndMs = startMs + rampMs
    this.#feed = new ArrivalFeed({ process: arrivals, requests, rampMs, startMs, randomOf })
    this.#next = this.#feed.next(false)
    this.#alarm = new Alarm(nowMs, () => this.#attempt(() => this.#sendDue()))
    const nextDueMs = () => this.#next?.dueMs ?? Number.POSITIVE_INFINITY
    this.#desk = new Desk(nowMs, nextDueMs, (error) => this.#fail(error))
  }

  async run(): Promise<void> {
    const { signal } = this.#options
    const stop = (): void => this.#stop()
    const finished = new Promise<void>((resolve, reject) => {
      this.#finish = resolve
      this.#fail = reject
    })
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) this.#stop()
    else this.#attempt(() => this.#sendDue())
    await finished.finally(() => signal.removeEventListener('abort', stop))
    this.#desk.finish()
  }

  /** After an error too: what is still open then must not go on in the background. */
  async close(): Promise<void> {
    this.#stop()
    this.#desk.drop()
    await Promise.all(this.#connections.map((connection) => connection.close()))
  }

  result(): LoopResult {
    return {
      warmupRequests: this.#warmupRequests,
      peakInFlight: this.#peakInFlight,
      queuedRequests: this.#queuedRequests,
      scheduleStartMs: this.#feed.measuringFromMs,
    }
  }

  /** Sends everything whose time has come, together. */
  #sendDue(): void {
    const nowMs = this.#options.nowMs()
    while (this.#next && this.#next.dueMs <= nowMs) {
      this.#release(this.#next)
      const isMeasuring = this.#feed.measuringFromMs !== null
      this.#next = this.#feed.next(isMeasuring || (nowMs >= this.#rampEndMs && this.#settling.isOver()))
      if (!isMeasuring && this.#feed.measuringFromMs !== null) this.#options.onMeasuring()
    }
    if (this.#next) this.#alarm.set(this.#next.dueMs)
    else this.#finishWhenDone()
  }

  #release({ phase, dueMs }: Arrival): void {
    const shot = this.#stock.take(phase)
    this.#desk.later(() => void this.#stock.refill(phase))
    if (phase === 'warm-up') this.#warmupRequests += 1
    if (this.#countsForSettling(shot, dueMs)) this.#settling.noteSent()
    const connection = this.#free.pop() ?? this.#newConnection()
    if (connection) {
      this.#send(shot, connection, { dueMs, readyMs: dueMs })
      return
    }
    this.#waiting.push({ shot, dueMs })
    if (phase === 'measured') this.#queuedRequests += 1
  }

  #newConnection(): Connection | null {
    if (this.#connections.length >= this.#most) return null
    const connection = new Connection(this.#options.origin, this.#options.nowMs)
    this.#connections.push(connection)
    return connection
  }

  #send(shot: Shot, connection: Connection, departure: Departure): void {
    const { timeoutMs, signal, keepsConnections } = this.#options
    this.#inFlight += 1
    this.#peakInFlight = Math.max(this.#peakInFlight, this.#inFlight)
    const sent = connection.send(shot.request, { timeoutMs, signal, isLast: !keepsConnections })
    sent.then((capture) => this.#takeBack(shot, connection, departure, capture)).catch(this.#fail)
  }

  #takeBack(shot: Shot, connection: Connection, departure: Departure, capture: Capture): void {
    this.#inFlight -= 1
    if (this.#countsForSettling(shot, departure.dueMs)) this.#settling.noteSettled(capture)
    const next = this.#waiting.shift()
    if (next) this.#send(next.shot, connection, { dueMs: next.dueMs, readyMs: capture.settledMs })
    else this.#free.push(connection)
    this.#desk.later(() => this.#options.onSettled(shot, departure, capture))
    this.#finishWhenDone()
  }

  /** What a timer calls has nobody to throw to. */
  #attempt(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** What comes during the ramp meets less than the whole load. */
  #countsForSettling({ phase }: Shot, dueMs: number): boolean {
    return phase === 'warm-up' && dueMs >= this.#rampEndMs
  }

  #stop(): void {
    this.#alarm.clear()
    this.#next = null
    this.#waiting.length = 0
    this.#finishWhenDone()
  }

  #finishWhenDone(): void {
    if (this.#next === null && this.#inFlight === 0 && this.#waiting.length === 0) this.#finish()
  }
}
