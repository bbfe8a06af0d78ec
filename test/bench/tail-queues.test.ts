import { describe, expect, test } from 'vitest'
import { type BatchServer, simulateBatchServer } from '../../bench/tail/queues/batch-server.ts'
import { queues, simulatedSource } from '../../bench/tail/queues/index.ts'
import { type OpenLoop, simulateOpenLoop } from '../../bench/tail/queues/open-loop.ts'
import { finishMs, noStalls } from '../../bench/tail/queues/stalls.ts'
import { truthMs } from '../../bench/tail/source.ts'
import { seededRandom } from '../../src/stats/random.ts'

const mean = (values: Float64Array) => values.reduce((total, value) => total + value, 0) / values.length

describe('stalls', () => {
  const stalls = { everyMs: 100, lengthMs: 30 }

  test.for([
    [0, 50, 50, 'work that ends before the first stall'],
    [90, 10, 100, 'work that ends as it begins'],
    [90, 20, 140, 'work across a stall waits for its end'],
    [110, 5, 135, 'work that is given in the midst of a stall begins after it'],
    [90, 150, 300, 'work across two stalls: 10, 70 and 70 ms of it'],
  ] as const)('from %d ms, %d ms of work are done at %d ms: %s', ([fromMs, workMs, doneMs]) => {
    expect(finishMs(fromMs, workMs, stalls)).toBeCloseTo(doneMs, 9)
  })

  test('without any, work takes as long as it takes', () => {
    expect(finishMs(12, 34, noStalls)).toBe(46)
  })
})

describe('batch server', () => {
  const plain: BatchServer = {
    clients: 1,
    slots: 1,
    stepMs: 8,
    stepPerRequestMs: 2,
    prefillMsPerToken: 0.1,
    promptTokens: 100,
    promptSigma: 0,
    outputTokens: 5,
    outputSigma: 0,
    stepSigma: 0,
    stalls: noStalls,
  }
  const latencies = (server: BatchServer) => [...simulateBatchServer(server, 20, seededRandom(1))]

  test('one client waits for its prompt and for its tokens: 10 + 5 x 10 ms', () => {
    for (const latency of latencies(plain)) expect(latency).toBeCloseTo(60, 6)
  })

  test('two clients on one slot wait for each other', () => {
    for (const latency of latencies({ ...plain, clients: 2 })) expect(latency).toBeCloseTo(120, 6)
  })

  test('two slots: each prompt is read once while the other answer is made, and a step is longer', () => {
    for (const latency of latencies({ ...plain, clients: 2, slots: 2 })) {
      // Five steps of 8 + 2 x 2 ms, its own prompt and the other's.
      expect(latency).toBeCloseTo(5 * 12 + 10 + 10, 6)
    }
  })
})

describe('open loop', () => {
  const queue: OpenLoop = { requestsPerSecond: 10, servers: 1, serviceMs: 60, serviceSigma: 0.4, stalls: noStalls }

  test('the mean latency of one server is that of the Pollaczek-Khinchine formula', () => {
    const meanService = 60 * Math.exp(0.4 ** 2 / 2)
    const meanSquare = 60 ** 2 * Math.exp(2 * 0.4 ** 2)
    const rate = 0.01
    const expected = meanService + (rate * meanSquare) / (2 * (1 - rate * meanService))
    const measured = mean(simulateOpenLoop(queue, 400_000, seededRandom(5)))
    expect(Math.abs(measured / expected - 1)).toBeLessThan(0.03)
  })

  test('a seed gives the arrivals and services of its draws, to the last bit', () => {
    const draw = seededRandom(7)
    let [dueMs, freeMs] = [0, 0]
    const byHand = Array.from({ length: 2000 + 500 }, () => {
      dueMs += -100 * Math.log(1 - draw())
      const z = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
      freeMs = Math.max(dueMs, freeMs) + 60 * Math.exp(0.4 * z)
      return freeMs - dueMs
    })
    // The first 2000 are its warm-up.
    expect([...simulateOpenLoop(queue, 500, seededRandom(7))]).toEqual(byHand.slice(2000))
  })

  test('with servers enough nobody waits: latency is service', () => {
    const measured = mean(simulateOpenLoop({ ...queue, servers: 50 }, 100_000, seededRandom(6)))
    expect(Math.abs(measured / (60 * Math.exp(0.08)) - 1)).toBeLessThan(0.01)
  })
})

describe('the servers of the bench', () => {
  test.for(queues.map((queue) => [queue.name, queue] as const))(
    '%s: head is slower at P99, by an amount worth seeing',
    ([, queue]) => {
      const { base, head } = simulatedSource(queue, 40_000, 1)
      const ratio = truthMs(head, 0.99) / truthMs(base, 0.99)
      expect(ratio).toBeGreaterThan(1.1)
      expect(ratio).toBeLessThan(1.35)
    },
  )

  test('are the same for the same seed, and others for another', () => {
    const [queue] = queues
    if (!queue) throw new Error('expected a server')
    const first = (seed: number) => simulatedSource(queue, 500, seed).base[0]?.[0]
    expect(first(1)).toBe(first(1))
    expect(first(1)).not.toBe(first(2))
  })
})
