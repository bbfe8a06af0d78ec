import { describe, expect, it } from 'vitest'
import { gatedMetrics, isGated, isPossible, metrics, shownMetrics } from '../../src/metrics/index.ts'
import type { RequestRecord } from '../../src/model/request.ts'

const request = (given: Partial<RequestRecord>): RequestRecord => ({
  trial: 'h1',
  scenario: 'p8-o5-c1',
  index: 0,
  scheduledMs: 0,
  sentMs: 0,
  firstByteMs: 90,
  firstTokenMs: 100,
  lastTokenMs: 180,
  endMs: 200,
  promptTokens: 8,
  outputTokens: 5,
  firstChunkTokens: 1,
  chunks: 5,
  cachedTokens: 0,
  status: 200,
  outcome: 'ok',
  detail: null,
  ...given,
})

const sample = (requests: RequestRecord[], endMs = 1000) => ({
  requests,
  window: { startMs: 0, endMs },
  throughputSpan: { startMs: 0, endMs },
  plannedRate: null,
  objectives: null,
  percentile: 50,
})

describe('the metrics of one scenario of one trial', () => {
  // Latencies 200 and 300 ms, first tokens after 100 and 150 ms.
  const two = sample([request({}), request({ sentMs: 50, firstTokenMs: 200, lastTokenMs: 320, endMs: 350 })], 500)

  it('measures latency from sent to the last byte', () => {
    expect(metrics.latencyMean.compute(two)).toBe(250)
    // The Harrell-Davis median of two values is their mean.
    expect(metrics.latencyMedian.compute(two)).toBeCloseTo(250, 10)
    expect(metrics.latencyTail.compute(two)).toBeCloseTo(250, 10)
  })

  it('measures time to the first token from sent, not from the start of the trial', () => {
    expect(metrics.ttftMedian.compute(two)).toBeCloseTo(125, 10)
    expect(metrics.ttftTail.compute(two)).toBeCloseTo(125, 10)
  })

  it('measures time per token after the first chunk: 80 / 4 and 120 / 4 ms', () => {
    expect(metrics.tpotMean.compute(two)).toBe(25)
  })

  it('does not count the tokens of the first chunk as decoded after it', () => {
    expect(metrics.tpotMean.compute(sample([request({ firstChunkTokens: 3 })]))).toBe(40)
  })

  it('counts tokens and requests per second of the window, not of the requests', () => {
    expect(metrics.tokensPerSecond.compute(two)).toBe(20)
    expect(metrics.requestRate.compute(two)).toBe(4)
  })

  it('has no TTFT and no TPOT without streaming', () => {
    const whole = sample([request({ firstTokenMs: null, lastTokenMs: null, firstChunkTokens: null })])
    expect(metrics.ttftMedian.compute(whole)).toBeNull()
    expect(metrics.ttftTail.compute(whole)).toBeNull()
    expect(metrics.tpotMean.compute(whole)).toBeNull()
    expect(metrics.latencyMean.compute(whole)).toBe(200)
  })

  it('has no TPOT where the first chunk held everything, or everything came at one moment', () => {
    expect(metrics.tpotMean.compute(sample([request({ outputTokens: 1 })]))).toBeNull()
    expect(metrics.tpotMean.compute(sample([request({ firstChunkTokens: 5 })]))).toBeNull()
    expect(metrics.tpotMean.compute(sample([request({ lastTokenMs: 100 })]))).toBeNull()
  })

  it.each([
    ['endMs', () => metrics.latencyTail.compute(sample([request({ endMs: null })]))],
    ['sentMs', () => metrics.queueDelayTail.compute({ ...sample([request({ sentMs: null })]), plannedRate: 1 })],
    ['sentMs', () => metrics.ttftMedian.compute(sample([request({ sentMs: null })]))],
    ['outputTokens', () => metrics.tokensPerSecond.compute(sample([request({ outputTokens: null })]))],
  ])('refuses a successful request without %s', (field, compute) => {
    expect(compute).toThrow(field)
  })

  it('gates on the tail of latency and on tokens per second, and shows the rest', () => {
    expect(gatedMetrics).toEqual(['latencyTail', 'tokensPerSecond'])
    expect([...gatedMetrics, ...shownMetrics].sort()).toEqual(Object.keys(metrics).sort())
    expect(gatedMetrics.every(isGated)).toBe(true)
    expect(shownMetrics.some(isGated)).toBe(false)
    expect(metrics.latencyTail.label(97)).toBe('P97 latency')
    expect(metrics.tokensPerSecond.lowerIsBetter).toBe(false)
  })

  it('can be any positive, finite number; 0 only where none is a possible amount', () => {
    for (const metric of [...gatedMetrics, ...shownMetrics]) {
      for (const value of [Number.MIN_VALUE, 1, Number.MAX_VALUE]) expect(isPossible(metric, value), metric).toBe(true)
      for (const value of [-1, Number.NaN, Number.POSITIVE_INFINITY]) expect(isPossible(metric, value)).toBe(false)
    }
    const maybeNone = [...gatedMetrics, ...shownMetrics].filter((metric) => isPossible(metric, 0))
    expect(maybeNone.toSorted()).toEqual(['goodput', 'queueDelayMedian', 'queueDelayTail'])
  })
})
