import { describe, expect, it } from 'vitest'
import { metrics } from '../../src/metrics/index.ts'
import { summariseScenario } from '../../src/metrics/summarise.ts'
import type { RequestRecord } from '../../src/model/request.ts'
import { type Objectives, plainLoad, type Scenario } from '../../src/model/scenario.ts'

/**
 * The textbook case of coordinated omission: a request is due every 100 ms, the server answers in 10 ms, but stands still
 * for the first 500 ms and takes one request at a time.
 */
const frozen: RequestRecord[] = Array.from({ length: 5 }, (_, index) => {
  const sentMs = index === 0 ? 0 : 500 + 10 * (index - 1)
  const endMs = 500 + 10 * index
  return {
    trial: 'h1',
    scenario: 'open',
    index,
    scheduledMs: 100 * index,
    sentMs,
    firstByteMs: endMs - 5,
    firstTokenMs: endMs - 5,
    lastTokenMs: endMs,
    endMs,
    promptTokens: 8,
    outputTokens: 4,
    firstChunkTokens: 1,
    chunks: 4,
    cachedTokens: 0,
    status: 200,
    outcome: 'ok',
    detail: null,
  }
})

const sample = (plannedRate: number | null) => ({
  requests: frozen,
  window: { startMs: 0, endMs: 540 },
  throughputSpan: { startMs: 0, endMs: 540 },
  plannedRate,
  objectives: null,
  percentile: 50,
})

describe('an open loop', () => {
  it('counts latency from when a request was due, so that a server standing still is seen by all who waited', () => {
    // 500, 410, 320, 230, 140 ms.
    expect(metrics.latencyMean.compute(sample(10))).toBe(320)
    expect(metrics.latencyTail.compute(sample(10))).toBeCloseTo(320, 9)
    // From sending: 500 once, and four times 10 ms, as if nothing had been.
    expect(metrics.latencyMean.compute(sample(null))).toBe(108)
  })

  it('counts TTFT from then as well', () => {
    // 495, 405, 315, 225, 135 ms; symmetric, so the median is the middle.
    expect(metrics.ttftMedian.compute(sample(10))).toBeCloseTo(315, 9)
  })

  it('shows what the server saw beside it', () => {
    const alike = { ...sample(10), requests: frozen.slice(1) }
    expect(metrics.latencySentTail.compute(alike)).toBeCloseTo(10, 9)
    expect(metrics.ttftSentTail.compute(alike)).toBeCloseTo(5, 9)
  })

  it('shows how long requests waited to be sent: 0, 400, 310, 220, 130 ms', () => {
    const waits = metrics.queueDelayMedian.compute({ ...sample(10), requests: frozen.slice(1) })
    // Of 130, 220, 310, 400: symmetric around 265.
    expect(waits).toBeCloseTo(265, 9)
    expect(metrics.queueDelayTail.compute(sample(10))).toBeGreaterThan(0)
  })

  it('has a queue delay of nothing where every request left at its very time', () => {
    expect(metrics.queueDelayTail.compute({ ...sample(10), requests: frozen.slice(0, 1) })).toBe(0)
  })

  it('shows the rate that was reached: the fifth request left after 530 ms', () => {
    expect(metrics.sendRate.compute(sample(10))).toBeCloseTo(5 / 0.53, 9)
  })

  it('counts requests that failed on the way as sent', () => {
    const withGap = { ...sample(10), requests: frozen.filter(({ index }) => index !== 2) }
    expect(metrics.sendRate.compute(withGap)).toBeCloseTo(5 / 0.53, 9)
  })
})

describe('a closed loop', () => {
  it('has none of the metrics of an open one', () => {
    for (const metric of [
      'latencySentTail',
      'ttftSentTail',
      'queueDelayTail',
      'queueDelayMedian',
      'sendRate',
    ] as const) {
      expect(metrics[metric].compute(sample(null))).toBeNull()
    }
  })
})

describe('summariseScenario', () => {
  const window = { startMs: 0, endMs: 540, steadyStartMs: 0, steadyEndMs: 500 }
  const closed: Scenario = {
    ...plainLoad,
    name: 'open',
    promptTokens: 8,
    outputTokens: 4,
    concurrency: 1,
    requests: 5,
    streaming: true,
  }

  it('takes the clock from the scenario', () => {
    const open = { ...closed, arrivals: { requestsPerSecond: 10, burstiness: 1 } }
    expect(summariseScenario(frozen, window, open)?.values.latencyMean).toBe(320)
    expect(summariseScenario(frozen, window, closed)?.values.latencyMean).toBe(108)
  })

  it('counts throughput in the steady part', () => {
    // Within the first 500 ms: the first request whole (500 of 500 ms).
    expect(summariseScenario(frozen, window, closed)?.values.requestRate).toBeCloseTo(1 / 0.5, 9)
  })
})

describe('goodput', () => {
  const none: Objectives = { ttftMs: null, tpotMs: null, latencyMs: null }
  const good = (objectives: Partial<Objectives>, plannedRate: number | null = 10) =>
    metrics.goodput.compute({ ...sample(plannedRate), objectives: { ...none, ...objectives } })

  it('is not there where nothing is asked for', () => {
    expect(metrics.goodput.compute(sample(10))).toBeNull()
  })

  it('is all of the requests where all keep what is asked for', () => {
    expect(good({ latencyMs: 500 })).toBe(metrics.requestRate.compute(sample(10)))
  })

  it('counts from when a request was due: 500, 410, 320, 230, 140 ms', () => {
    // Two of five, each wholly within the 540 ms.
    expect(good({ latencyMs: 230 })).toBeCloseTo(2 / 0.54, 9)
    // In a closed loop, from sending, four do: 500, 10, 10, 10, 10 ms.
    expect(good({ latencyMs: 230 }, null)).toBeCloseTo(4 / 0.54, 9)
  })

  it('asks for every objective at once', () => {
    // TTFT 495, 405, 315, 225, 135 ms; time per token 5 / 3 ms in all.
    expect(good({ ttftMs: 320 })).toBeCloseTo(3 / 0.54, 9)
    expect(good({ ttftMs: 320, latencyMs: 230 })).toBeCloseTo(2 / 0.54, 9)
    expect(good({ tpotMs: 1.7 })).toBeCloseTo(5 / 0.54, 9)
  })

  it('is nothing where no request keeps it, which is a result and no defect', () => {
    expect(good({ tpotMs: 1.6 })).toBe(0)
    const objectives = { ...none, latencyMs: 1 }
    const scenario = { ...plainLoad, name: 'open', promptTokens: 8, outputTokens: 4, concurrency: 1, requests: 5 }
    const window = { startMs: 0, endMs: 540, steadyStartMs: 0, steadyEndMs: 540 }
    const summary = summariseScenario(frozen, window, { ...scenario, streaming: true, objectives })
    expect(summary?.values.goodput).toBe(0)
  })

  it('a request without a first token has not kept its time to the first token', () => {
    const unseen = frozen.map((request) => ({ ...request, firstTokenMs: null, lastTokenMs: null }))
    const objectives = { ...none, ttftMs: 1e9 }
    expect(metrics.goodput.compute({ ...sample(10), requests: unseen, objectives })).toBe(0)
  })
})
