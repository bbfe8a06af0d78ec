import type { ReferenceLoad } from '../../src/load/calibration/index.ts'

/** One load of the bench, measured in a process of its own. */
export interface Cell {
  readonly load: ReferenceLoad
  /** Of the reference server. */
  readonly flags: readonly string[]
  /** Each request is held against the server's log; not where the log itself would be the load. */
  readonly isPaired: boolean
}

export const ttftMs = 50
export const gapMs = 10
export const outputTokens = 64
export const promptTokens = 32
/** What one request takes by the server's schedule. */
export const latencyMs = ttftMs + (outputTokens - 1) * gapMs

const timed = ['--ttft-ms', String(ttftMs), '--gap-ms', String(gapMs)]
const instant = ['--ttft-ms', '0', '--gap-ms', '0']

/** Requests of a closed loop: enough for a P99 where that takes no minutes. */
const requestsAt: Readonly<Record<number, number>> = { 1: 60, 8: 400, 64: 1280, 256: 3072 }

/** 64 tokens at the pace of a real server, so many streams at once. */
export function paced(concurrency: number, share: number): Cell {
  const requests = Math.max(2 * concurrency, Math.round((requestsAt[concurrency] ?? 10 * concurrency) * share))
  return {
    load: { name: `c${concurrency}`, promptTokens, outputTokens, concurrency, requests },
    flags: timed,
    isPaired: true,
  }
}

/** Poisson arrivals, without a limit to the requests in flight. */
export function arriving(requestsPerSecond: number, tokens: number, seconds: number): Cell {
  const requests = Math.round(requestsPerSecond * seconds)
  const arrivals = { requestsPerSecond, burstiness: 1 }
  return {
    load: { name: `r${requestsPerSecond}`, promptTokens, outputTokens: tokens, concurrency: null, arrivals, requests },
    flags: timed,
    isPaired: true,
  }
}

/** As many requests as the client can carry. */
export function mostRequests(share: number): Cell {
  return {
    load: { name: 'requests', promptTokens, outputTokens: 1, concurrency: 64, requests: Math.round(60_000 * share) },
    flags: instant,
    isPaired: false,
  }
}

/** As many events as the client can carry. */
export function mostEvents(share: number, eventsPerWrite: number): Cell {
  return {
    load: { name: 'events', promptTokens, outputTokens: 256, concurrency: 64, requests: Math.round(6000 * share) },
    flags: [...instant, '--events-per-write', String(eventsPerWrite)],
    isPaired: false,
  }
}
