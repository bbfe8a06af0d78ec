import { type Random, seededRandom } from '../../../src/stats/random.ts'
import type { LatencySource } from '../source.ts'
import { type BatchServer, simulateBatchServer } from './batch-server.ts'
import { type OpenLoop, simulateOpenLoop } from './open-loop.ts'
import { noStalls } from './stalls.ts'

/** A simulated server, and the same after a change that makes its P99 about 20 % longer. */
interface Queue {
  readonly name: string
  readonly change: string
  simulate(side: 'base' | 'head', requests: number, random: Random): Float64Array
}

function batchServer(name: string, change: string, base: BatchServer, head: Partial<BatchServer>): Queue {
  const sides = { base, head: { ...base, ...head } }
  return { name, change, simulate: (side, requests, random) => simulateBatchServer(sides[side], requests, random) }
}

function openLoop(name: string, change: string, base: OpenLoop, head: Partial<OpenLoop>): Queue {
  const sides = { base, head: { ...base, ...head } }
  return { name, change, simulate: (side, requests, random) => simulateOpenLoop(sides[side], requests, random) }
}

const roomForAll: BatchServer = {
  clients: 4,
  slots: 8,
  stepMs: 8,
  stepPerRequestMs: 0.5,
  prefillMsPerToken: 0.1,
  promptTokens: 256,
  promptSigma: 0.6,
  outputTokens: 64,
  outputSigma: 0,
  stepSigma: 0.1,
  stalls: noStalls,
}
const halfBusy: OpenLoop = {
  requestsPerSecond: 10,
  servers: 4,
  serviceMs: 176,
  serviceSigma: 0.5,
  stalls: noStalls,
}

export const queues: readonly Queue[] = [
  batchServer('batch server, room for all', 'prompts are read slower', roomForAll, { prefillMsPerToken: 0.17 }),
  batchServer(
    'batch server, clients wait in line',
    'every step is slower',
    { ...roomForAll, clients: 16, outputSigma: 0.5 },
    { stepMs: 9.6, stepPerRequestMs: 0.6, prefillMsPerToken: 0.12 },
  ),
  batchServer(
    'batch server, rare stalls',
    'stalls are longer',
    { ...roomForAll, stalls: { everyMs: 60_000, lengthMs: 400 } },
    { stalls: { everyMs: 60_000, lengthMs: 640 } },
  ),
  openLoop('open loop, half busy', 'every service is slower', halfBusy, { serviceMs: 176 * 1.14 }),
  openLoop(
    'open loop, nearly full',
    'every service is slower',
    { ...halfBusy, requestsPerSecond: 17 },
    { serviceMs: 176 * 1.03 },
  ),
  openLoop(
    'open loop, heavy tail',
    'long services are longer',
    { ...halfBusy, serviceMs: 120, serviceSigma: 1 },
    { serviceSigma: 1.08 },
  ),
  openLoop(
    'open loop, frequent stalls',
    'stalls are longer',
    { ...halfBusy, stalls: { everyMs: 8000, lengthMs: 500 } },
    { stalls: { everyMs: 8000, lengthMs: 680 } },
  ),
]

/** One run of each side: so many requests are its truth, and trials are cut from it. */
export function simulatedSource(queue: Queue, requests: number, seed: number): LatencySource {
  const run = (side: 'base' | 'head', offset: number) => [queue.simulate(side, requests, seededRandom(seed + offset))]
  return { name: queue.name, change: queue.change, base: run('base', 0), head: run('head', 1) }
}
