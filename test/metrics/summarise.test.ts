import { describe, expect, it } from 'vitest'
import { percentileFloor, summariseScenario, supportedPercentile } from '../../src/metrics/summarise.ts'
import type { RequestRecord } from '../../src/model/request.ts'
import { plainLoad, type Scenario } from '../../src/model/scenario.ts'

const scenario: Scenario = {
  name: 'p8-o4-c1',
  ...plainLoad,
  promptTokens: 8,
  outputTokens: 4,
  concurrency: 1,
  requests: 30,
  streaming: true,
}

const records = (count: number, given: Partial<RequestRecord> = {}): RequestRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    trial: 'h1',
    scenario: scenario.name,
    index,
    scheduledMs: index * 100,
    sentMs: index * 100,
    firstByteMs: index * 100 + 10,
    firstTokenMs: index * 100 + 10,
    lastTokenMs: index * 100 + 40,
    endMs: index * 100 + 40,
    promptTokens: 8,
    outputTokens: 4,
    firstChunkTokens: 1,
    chunks: 4,
    cachedTokens: 0,
    status: 200,
    outcome: 'ok',
    detail: null,
    ...given,
  }))

const window = { startMs: 0, endMs: 3000, steadyStartMs: 0, steadyEndMs: 3000 }

describe('summariseScenario', () => {
  it('computes every metric of the successful requests', () => {
    const failed = records(1, { outcome: 'deadline', endMs: null })
    const summary = summariseScenario([...records(30), ...failed], window, scenario)
    expect(summary?.percentile).toBe(90)
    expect(summary?.requests).toBe(30)
    expect(summary?.successRate).toBeCloseTo(30 / 31, 12)
    expect(summary?.values.latencyTail).toBeCloseTo(40, 9)
    expect(summary?.values.tpotMean).toBeCloseTo(10, 9)
    expect(summary?.values.tokensPerSecond).toBeCloseTo(40, 9)
  })

  it('takes the percentile from the plan, so that one lucky request more does not change what is compared', () => {
    expect(summariseScenario(records(29), window, scenario)?.percentile).toBe(90)
    expect(summariseScenario(records(300), window, scenario)?.percentile).toBe(90)
  })

  it('is nothing when nothing succeeded, nothing was sent, or no percentile is supported', () => {
    expect(summariseScenario(records(30, { outcome: 'http-error' }), window, scenario)).toBeNull()
    expect(summariseScenario([], window, scenario)).toBeNull()
    expect(summariseScenario(records(4), window, { ...scenario, requests: 4 })).toBeNull()
  })

  it.each([
    ['no output token', records(30, { outputTokens: 0 }), window],
    ['a token count of NaN', records(30, { outputTokens: Number.NaN }), window],
    ['an end before the start', records(30, { endMs: -5 }), window],
    ['an end at infinity', records(30, { endMs: Number.POSITIVE_INFINITY }), window],
    ['an end that is NaN', records(30, { endMs: Number.NaN }), window],
    ['a first token before sending', records(30, { firstTokenMs: -1 }), window],
    ['an empty window', records(30), { startMs: 5, endMs: 5, steadyStartMs: 5, steadyEndMs: 5 }],
    ['a window of NaN', records(30), { ...window, endMs: Number.NaN }],
    ['a steady part that begins before the window', records(30), { ...window, steadyStartMs: -1 }],
    ['a steady part that ends after the window', records(30), { ...window, steadyEndMs: 3001 }],
    ['a steady part that runs backwards', records(30), { ...window, steadyStartMs: 2, steadyEndMs: 1 }],
    ['a steady part of NaN', records(30), { ...window, steadyStartMs: Number.NaN }],
  ])('refuses %s instead of coming out as a good number', (_, broken, measured) => {
    expect(() => summariseScenario(broken, measured, scenario)).toThrow()
  })
})

describe('supportedPercentile', () => {
  it.each([
    [5, 50],
    [11, 75],
    [14, 80],
    [29, 90],
    [59, 95],
    [99, 97],
    [299, 99],
  ])('from %s samples on it is P%s', (n, percentile) => {
    expect(supportedPercentile(n)).toBe(percentile)
    expect(supportedPercentile(n - 1)).not.toBe(percentile)
    expect(percentileFloor(percentile)).toBe(n)
    // The bound itself: all samples below the percentile happens in at most 5 % of all cases, one sample fewer in more.
    expect((percentile / 100) ** n).toBeLessThanOrEqual(0.05)
    expect((percentile / 100) ** (n - 1)).toBeGreaterThan(0.05)
  })

  it('is none below five samples', () => {
    for (const n of [0, 1, 4, Number.NaN]) expect(supportedPercentile(n)).toBeNull()
  })
})
