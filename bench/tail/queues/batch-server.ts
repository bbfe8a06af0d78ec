import { normal } from '../../../src/stats/normal.ts'
import type { Random } from '../../../src/stats/random.ts'
import { finishMs, type Stalls } from './stalls.ts'

/**
 * A model server that advances all running requests by one token a step, as continuous batching does, under a closed
 * loop: each client sends its next request when an answer is complete.
 */
export interface BatchServer {
  readonly clients: number
  /** Requests that run at once; the others wait in line. */
  readonly slots: number
  /** A step takes so long, and so much longer for each running request. */
  readonly stepMs: number
  readonly stepPerRequestMs: number
  /** A step that lets requests in reads their prompts first, and everybody waits for that. */
  readonly prefillMsPerToken: number
  /** Median lengths in tokens, and the standard deviation of their logarithm. */
  readonly promptTokens: number
  readonly promptSigma: number
  readonly outputTokens: number
  readonly outputSigma: number
  /** Standard deviation of the logarithm of a step's time. */
  readonly stepSigma: number
  readonly stalls: Stalls
}

interface Running {
  readonly sentMs: number
  tokensLeft: number
}

/** Answers per client before the first that counts: the start is forgotten by then. */
const warmupPerClient = 50

/**
 * Latencies in milliseconds, in the order in which the answers were complete.
 * @param requests how many
 */
export function simulateBatchServer(server: BatchServer, requests: number, random: Random): Float64Array {
  const latenciesMs = new Float64Array(requests)
  const waiting: number[] = []
  // In the midst of an answer each: clients that start as one would stay in step for ever where answers are equally long.
  let running: Running[] = Array.from({ length: server.clients }, () => {
    return { sentMs: 0, tokensLeft: 1 + Math.floor(random() * server.outputTokens) }
  })
  let nowMs = 0
  let done = -warmupPerClient * server.clients
  while (done < requests) {
    const { admitted, prefillMs } = admit(server, waiting, running.length, random)
    running.push(...admitted)
    const stepMs = server.stepMs + server.stepPerRequestMs * running.length + prefillMs
    nowMs = finishMs(nowMs, stepMs * Math.exp(server.stepSigma * normal(random)), server.stalls)
    const before = done
    for (const request of running) {
      request.tokensLeft--
      if (request.tokensLeft > 0) continue
      if (done >= 0 && done < requests) latenciesMs[done] = nowMs - request.sentMs
      done++
      waiting.push(nowMs)
    }
    if (done > before) running = running.filter(({ tokensLeft }) => tokensLeft > 0)
  }
  return latenciesMs
}

function admit(
  server: BatchServer,
  waiting: number[],
  running: number,
  random: Random,
): { readonly admitted: readonly Running[]; readonly prefillMs: number } {
  const free = Math.max(0, server.slots - running)
  const admitted = waiting.splice(0, free).map((sentMs) => ({
    sentMs,
    tokensLeft: lognormalTokens(server.outputTokens, server.outputSigma, random),
  }))
  let promptTokens = 0
  for (let one = 0; one < admitted.length; one++) {
    promptTokens += lognormalTokens(server.promptTokens, server.promptSigma, random)
  }
  return { admitted, prefillMs: promptTokens * server.prefillMsPerToken }
}

function lognormalTokens(median: number, sigma: number, random: Random): number {
  return sigma === 0 ? median : Math.max(1, Math.round(median * Math.exp(sigma * normal(random))))
}
