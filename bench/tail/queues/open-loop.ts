import { exponential } from '../../../src/stats/exponential.ts'
import { normal } from '../../../src/stats/normal.ts'
import type { Random } from '../../../src/stats/random.ts'
import { finishMs, type Stalls } from './stalls.ts'

/** M/G/k: requests come at random whatever the server does, wait in one line, and are served by `servers` at once. */
export interface OpenLoop {
  readonly requestsPerSecond: number
  readonly servers: number
  /** Median time of a service, and the standard deviation of its logarithm. */
  readonly serviceMs: number
  readonly serviceSigma: number
  readonly stalls: Stalls
}

const warmupRequests = 2000

/**
 * Latencies in milliseconds from when a request was due, in the order in which they were due.
 * @param requests how many
 */
export function simulateOpenLoop(queue: OpenLoop, requests: number, random: Random): Float64Array {
  const latenciesMs = new Float64Array(requests)
  const freeAtMs = new Float64Array(queue.servers)
  const meanGapMs = 1000 / queue.requestsPerSecond
  let dueMs = 0
  for (let index = -warmupRequests; index < requests; index++) {
    dueMs += meanGapMs * exponential(random)
    const server = indexOfLeast(freeAtMs)
    const startMs = Math.max(dueMs, freeAtMs[server] ?? 0)
    const endMs = finishMs(startMs, queue.serviceMs * Math.exp(queue.serviceSigma * normal(random)), queue.stalls)
    freeAtMs[server] = endMs
    if (index >= 0) latenciesMs[index] = endMs - dueMs
  }
  return latenciesMs
}

function indexOfLeast(values: Float64Array): number {
  let least = 0
  for (let index = 1; index < values.length; index++) {
    if ((values[index] ?? 0) < (values[least] ?? 0)) least = index
  }
  return least
}
