import { describe, expect, test } from 'vitest'
import { changed, detailOf, figure, fixture, missingOf, read, readOne, refusal } from './files.ts'
import { benchmark, emptyBlock, failedRequest, report } from './guidellm-report.ts'

const withBenchmark = (changes: Record<string, unknown>) =>
  changed(report, { benchmarks: [changed(benchmark, changes)] })
const made = (successful: number, errored: number, incomplete: number) => ({
  requests_made: { successful, errored, incomplete, total: successful + errored + incomplete },
})

describe('GuideLLM, schema 2', () => {
  test('its inter_token_latency is TPOT; its time_per_output_token keeps its own name', () => {
    const run = readOne(report)
    expect(figure(run, 'tpot', 'mean')).toMatchObject({
      value: 90,
      unit: 'ms',
      origin: {
        tool: 'guidellm',
        version: '0.8.1',
        field: 'benchmarks[0].metrics.inter_token_latency_ms.successful.mean',
      },
    })
    expect(figure(run, 'guidellm.time_per_output_token_ms', 'mean').value).toBe(100)
    expect(run.metrics.some(({ metric }) => metric === 'icl')).toBe(false)
  })

  test('its latency is in seconds, everything else in milliseconds', () => {
    const run = readOne(report)
    expect(figure(run, 'latency', 'mean').value).toBe(500)
    expect(figure(run, 'latency', 'stddev').value).toBe(1000)
    expect(figure(run, 'ttft', 'median').value).toBe(100)
    expect(figure(run, 'requestRate', 'value')).toMatchObject({ value: 2, unit: '/s' })
    expect(figure(run, 'tokensPerSecond', 'value').value).toBe(10)
  })

  test('its percentiles p001 and p999 are 0.1 % and 99.9 %', () => {
    const run = readOne(report)
    expect(['p0.1', 'p1', 'p50', 'p90', 'p99', 'p99.9'].map((one) => figure(run, 'ttft', one).value)).toEqual([
      100, 100, 100, 101, 102, 103,
    ])
  })

  test.each([
    [{ type_: 'synchronous' }, { concurrency: 1, arrivals: null }],
    [
      { type_: 'constant', rate: 3 },
      { concurrency: null, arrivals: { requestsPerSecond: 3, burstiness: null } },
    ],
    [
      { kind: 'poisson', rate: 3, max_concurrency: 9 },
      { concurrency: 9, arrivals: { requestsPerSecond: 3, burstiness: 1 } },
    ],
    [{ type_: 'throughput' }, null],
  ])('its strategy %o is a load', (strategy, load) => {
    expect(readOne(withBenchmark({ config: { strategy } })).load).toEqual(load)
  })

  test('a report of several benchmarks is several runs', () => {
    const other = changed(benchmark, { config: { strategy: { type_: 'concurrent', streams: 8 } } })
    const runs = read(changed(report, { benchmarks: [benchmark, other] }))
    expect(runs.map(({ where, load }) => [where, load?.concurrency])).toEqual([
      ['results.json#1', 2],
      ['results.json#2', 8],
    ])
  })

  test('a metric without a value is left out, not zero', () => {
    const run = readOne(withBenchmark({ metrics: { ...benchmark.metrics, time_to_first_token_ms: emptyBlock } }))
    expect(run.metrics.some(({ metric }) => metric === 'ttft')).toBe(false)
  })
})

describe('the requests of a GuideLLM report', () => {
  test('have their times from the first one on; the last token is TTFT and the gaps', () => {
    const detail = detailOf(report)
    expect(detail).toMatchObject({ streaming: true, windowMs: 1500, startedAt: '2026-11-22T09:33:20.500Z' })
    expect(detail.requests[0]).toMatchObject({
      scheduledMs: 0,
      sentMs: 0,
      firstTokenMs: 100,
      lastTokenMs: 460,
      endMs: 500,
      chunks: 4,
    })
    expect(detail.requests[1]).toMatchObject({ sentMs: 1000, endMs: 1500, promptTokens: 32, outputTokens: 5 })
  })

  test('with a rate were due when they were targeted', () => {
    const { requests } = detailOf(withBenchmark({ config: { strategy: { type_: 'poisson', rate: 1 } } }))
    expect(requests.map(({ scheduledMs, sentMs }) => Math.round((sentMs ?? 0) - scheduledMs))).toEqual([200, 200])
  })

  test('that failed, or were cut off, are failures', () => {
    const run = readOne(
      withBenchmark({
        scheduler_metrics: made(2, 1, 1),
        requests: {
          ...benchmark.requests,
          errored: [failedRequest],
          incomplete: [changed(failedRequest, { info: null })],
        },
      }),
    )
    expect(run).toMatchObject({ completed: 2, failed: 2 })
    expect(run.warnings.join()).toContain('1 request was still running when GuideLLM stopped')
    if ('missing' in run.detail) throw new Error(run.detail.missing)
    expect(run.detail.requests.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['ok', null],
      ['ok', null],
      ['http-error', 'HTTP 503: overloaded'],
      ['aborted', 'cancelled: still running when the tool stopped'],
    ])
  })

  test.each([
    ['a sample', { scheduler_metrics: made(20, 0, 0) }, 'it holds 2 of 20 successful requests'],
    ['none', { requests: null }, 'it holds no single requests'],
    [
      'under a rising load',
      { config: { strategy: { type_: 'concurrent', streams: 2, rampup_duration: 5 } } },
      'load rises',
    ],
    ['cut by a warm-up', { config: { ...benchmark.config, warmup: { percent: 0.1 } } }, 'warm-up or cool-down'],
  ])('%s: no recording, and it says why', (_what, changes, says) => {
    expect(missingOf(withBenchmark(changes))).toContain(says)
  })
})

test('a real report: 12 requests of 16 tokens, 10 ms each after the first, from a server of known timing', () => {
  const run = readOne(fixture('guidellm.json'))
  expect(run).toMatchObject({ version: '0.8.1', completed: 12, failed: 0, load: { concurrency: 2, arrivals: null } })
  const tpot = figure(run, 'tpot', 'mean').value
  expect(tpot).toBeGreaterThan(9.5)
  expect(tpot).toBeLessThan(11.5)
  const detail = detailOf(fixture('guidellm.json'))
  expect(detail.requests.map(({ outputTokens }) => outputTokens)).toEqual(Array.from({ length: 12 }, () => 16))
  const mean = detail.requests.reduce((sum, { endMs, sentMs }) => sum + (endMs ?? 0) - (sentMs ?? 0), 0) / 12
  expect(figure(run, 'latency', 'mean').value).toBeCloseTo(mean, 3)
})

describe('is refused', () => {
  test.each([
    ['schema 1', { metadata: { version: 1 } }, 'metadata.version is 1; only schema 2', 'GuideLLM 0.7 or later'],
    ['no schema', { metadata: undefined }, 'metadata.version is missing', 'GuideLLM 0.7 or later'],
    ['a schema to come', { metadata: { version: 3 } }, 'metadata.version is 3', 'newer llm-perf'],
  ])('%s', (_what, changes, says, hint) => {
    const error = refusal(changed(report, changes))
    expect(error.message).toContain(says)
    expect(error.hint).toContain(hint)
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['nothing succeeded', { scheduler_metrics: made(0, 5, 0) }, 'no request succeeded (5 failed)'],
    ['no counts', { scheduler_metrics: {} }, 'benchmarks[0].scheduler_metrics.requests_made is missing'],
    [
      'a metric is text',
      { metrics: { request_latency: { successful: { mean: 'slow' } } } },
      'benchmarks[0].metrics.request_latency.successful.mean is "slow"',
    ],
    [
      'a rate is zero',
      { metrics: { ...benchmark.metrics, requests_per_second: { successful: { mean: 0, count: 2 } } } },
      'requests_per_second.successful.mean is 0',
    ],
    [
      'a request has no latency',
      {
        requests: {
          successful: [
            benchmark.requests.successful[0],
            changed(benchmark.requests.successful[0] ?? {}, { request_latency: null }),
          ],
        },
      },
      'requests.successful[1].request_latency is null',
    ],
  ])('%s', (_what, changes, says) => {
    expect(refusal(withBenchmark(changes)).message).toContain(says)
  })
})
