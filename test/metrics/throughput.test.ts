import { describe, expect, it } from 'vitest'
import { metrics } from '../../src/metrics/index.ts'
import { throughputSpan } from '../../src/metrics/throughput.ts'
import type { RequestRecord } from '../../src/model/request.ts'

const request = (given: Partial<RequestRecord>): RequestRecord => ({
  trial: 'h1',
  scenario: 'p8-o11-c1',
  index: 0,
  scheduledMs: 0,
  sentMs: 0,
  firstByteMs: 100,
  firstTokenMs: 100,
  lastTokenMs: 200,
  endMs: 200,
  promptTokens: 8,
  outputTokens: 11,
  firstChunkTokens: 1,
  chunks: 11,
  cachedTokens: 0,
  status: 200,
  outcome: 'ok',
  detail: null,
  ...given,
})

const within = (requests: RequestRecord[], startMs: number, endMs: number) => ({
  requests,
  window: { startMs: 0, endMs: 1000 },
  throughputSpan: { startMs, endMs },
  plannedRate: null,
  objectives: null,
  percentile: 50,
})

describe('tokens within a span', () => {
  // One token at 100 ms, ten more evenly up to 200 ms.
  const streamed = [request({})]

  it.each([
    ['all of them', 0, 200, 11],
    ['the first one and half of the others', 0, 150, 6],
    ['the other half', 150, 200, 5],
    ['the first one at its very moment', 50, 100, 1],
    ['none before the first', 0, 99, 0],
    ['none after the last', 201, 400, 0],
  ])('of a stream: %s', (_, startMs, endMs, tokens) => {
    expect(metrics.tokensPerSecond.compute(within(streamed, startMs, endMs))).toBeCloseTo(
      (tokens * 1000) / (endMs - startMs),
      9,
    )
  })

  it('parts of a span add up to the whole of it', () => {
    const three = [request({}), request({ firstTokenMs: 130, lastTokenMs: 330 }), request({ firstTokenMs: 20 })]
    const tokens = (startMs: number, endMs: number) =>
      (metrics.tokensPerSecond.compute(within(three, startMs, endMs)) * (endMs - startMs)) / 1000
    expect(tokens(0, 137) + tokens(137, 400)).toBeCloseTo(33, 9)
  })

  it('a first chunk of several tokens counts with all of them at its moment', () => {
    expect(metrics.tokensPerSecond.compute(within([request({ firstChunkTokens: 6 })], 0, 100))).toBeCloseTo(60, 9)
  })

  it('all tokens in one chunk are one moment', () => {
    const atOnce = [request({ firstTokenMs: 100, lastTokenMs: 100 })]
    expect(metrics.tokensPerSecond.compute(within(atOnce, 0, 100))).toBeCloseTo(110, 9)
    expect(metrics.tokensPerSecond.compute(within(atOnce, 101, 201))).toBe(0)
  })

  it('without streaming they are spread over the whole request', () => {
    const whole = [request({ firstTokenMs: null, lastTokenMs: null, firstChunkTokens: null })]
    expect(metrics.tokensPerSecond.compute(within(whole, 0, 50))).toBeCloseTo((11 / 4 / 50) * 1000, 9)
  })

  it('a request that lies in the span by half is half a request', () => {
    expect(metrics.requestRate.compute(within([request({}), request({ sentMs: 100, endMs: 300 })], 0, 200))).toBe(7.5)
  })
})

describe('where throughput is counted', () => {
  const window = { startMs: 0, endMs: 1000 }

  it('is the steady part of a window', () => {
    expect(throughputSpan({ ...window, steadyStartMs: 100, steadyEndMs: 800 })).toEqual({ startMs: 100, endMs: 800 })
  })

  it('is the whole window where the steady part is less than a quarter of it, or nothing at all', () => {
    expect(throughputSpan({ ...window, steadyStartMs: 100, steadyEndMs: 350 })).toEqual({ startMs: 100, endMs: 350 })
    expect(throughputSpan({ ...window, steadyStartMs: 100, steadyEndMs: 349 })).toEqual(window)
    expect(throughputSpan({ ...window, steadyStartMs: 1000, steadyEndMs: 1000 })).toEqual(window)
  })

  it('does not fall with the drain, when fewer streams are left than the load is about', () => {
    // Two streams of half a token a millisecond for 100 ms, then one of them alone for 50 ms.
    const requests = [
      request({ firstTokenMs: 0, lastTokenMs: 100, endMs: 100, outputTokens: 51 }),
      request({ firstTokenMs: 0, lastTokenMs: 100, endMs: 100, outputTokens: 51 }),
      request({ sentMs: 100, firstTokenMs: 100, lastTokenMs: 150, endMs: 150, outputTokens: 26 }),
    ]
    const steady = metrics.tokensPerSecond.compute(within(requests, 1, 99))
    expect(steady).toBeCloseTo(1000, 9)
    expect(metrics.tokensPerSecond.compute(within(requests, 0, 150))).toBeCloseTo((128 / 150) * 1000, 9)
  })
})
