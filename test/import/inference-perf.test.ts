import { describe, expect, test } from 'vitest'
import { changed, figure, fixture, readOne, refusal } from './files.ts'

interface Summary {
  readonly load_summary: object
  readonly successes: { readonly latency: object }
  readonly failures: object
}
const summary = JSON.parse(fixture('inference-perf-summary.json')) as Summary & Record<string, unknown>
const requests = JSON.parse(fixture('inference-perf-requests.json')) as Record<string, unknown>[]

describe('summary_lifecycle_metrics.json, as inference-perf 0.7 wrote it', () => {
  test('gives its seconds as milliseconds, in our terms', () => {
    const run = readOne(summary)
    expect(figure(run, 'latency', 'mean')).toMatchObject({
      unit: 'ms',
      origin: { tool: 'inference-perf', field: 'successes.latency.request_latency.mean' },
    })
    expect(figure(run, 'latency', 'mean').value).toBeCloseTo(397.1405752915113, 9)
    expect(figure(run, 'ttft', 'p99').value).toBeCloseTo(452.9621948396743, 9)
    expect(figure(run, 'tpot', 'median').value).toBeCloseTo(10.6949230332854, 9)
    expect(figure(run, 'latency', 'p0.1').value).toBeCloseTo(221.1360133526723, 9)
    expect(figure(run, 'tokensPerSecond', 'value')).toMatchObject({
      value: 76.24464959117977,
      origin: { field: 'successes.throughput.output_tokens_per_sec' },
    })
  })

  test('keeps what is neither ICL nor TPOT under its own name', () => {
    const run = readOne(summary)
    expect(figure(run, 'inference-perf.inter_token_latency', 'mean').value).toBeCloseTo(10.689410930540866, 9)
    expect(figure(run, 'inference-perf.normalized_time_per_output_token', 'mean').value).toBeCloseTo(
      25.58983522441983,
      9,
    )
    expect(run.metrics.some(({ metric }) => metric === 'icl')).toBe(false)
  })

  test('warns that its client counted other tokens than the server', () => {
    expect(readOne(summary).warnings.join()).toContain('15.63 output tokens a request, the server 16')
  })

  test('of a stage tells the load too', () => {
    const run = readOne(fixture('inference-perf-stage.json'))
    expect(run.load).toEqual({ concurrency: 2, arrivals: null })
    expect(figure(run, 'latency', 'mean').value).toBeCloseTo(397.1405752915113, 9)
  })

  test('shows failures', () => {
    const failed = { load_summary: { count: 26 }, failures: { count: 2, request_latency: null } }
    const run = readOne(changed(summary, failed))
    expect(run).toMatchObject({ completed: 24, failed: 2 })
    expect(run.warnings[0]).toContain('2 of 26 requests failed')
  })

  test('without streaming has no TTFT and no TPOT', () => {
    const latency = { ...summary.successes.latency, time_to_first_token: null, time_per_output_token: null }
    const run = readOne(changed(summary, { successes: { ...summary.successes, latency } }))
    expect(run.metrics.some(({ metric }) => metric === 'ttft' || metric === 'tpot')).toBe(false)
  })

  test.each<[string, Record<string, unknown>, string]>([
    [
      'nothing succeeded',
      { load_summary: { count: 3 }, successes: { count: 0, latency: null, throughput: null }, failures: { count: 3 } },
      'no request succeeded (3 failed)',
    ],
    ['requests are missing', { load_summary: { count: 30 } }, 'load_summary.count is 30, but 24 requests ended'],
    ['a count is missing', { failures: {} }, 'failures.count is missing'],
    [
      'a latency is text',
      { successes: { ...summary.successes, latency: { request_latency: { mean: 'slow' } } } },
      'successes.latency.request_latency.mean is "slow"',
    ],
  ])('is refused when %s', (_what, changes, says) => {
    expect(refusal(changed(summary, changes)).message).toContain(says)
  })
})

describe('per_request_lifecycle_metrics.json, as inference-perf 0.7 wrote it', () => {
  const run = readOne(requests)

  test('gives every request, and TPOT by the tokens that the server counted', () => {
    expect(run).toMatchObject({ completed: 24, failed: 0 })
    // Both from the file's own raw times, and the summary of the same run agrees on TTFT.
    expect(figure(run, 'ttft', 'mean').value).toBeCloseTo(236.00010637505875, 6)
    expect(figure(run, 'tpot', 'mean').value).toBeCloseTo(10.689410930540866, 6)
  })

  test('ends a request with its last token, not after the client has counted them', () => {
    if ('missing' in run.detail) throw new Error(run.detail.missing)
    const [first] = run.detail.requests
    expect(first).toMatchObject({ outputTokens: 16, chunks: 16, cachedTokens: 0, outcome: 'ok' })
    expect(first?.endMs).toBe(first?.lastTokenMs)
    expect(run.detail.startedAt).toBeNull()
  })

  test('a failed request keeps its words', () => {
    const [first = {}, ...rest] = requests
    const error = { error_type: 'ServerDisconnectedError', error_msg: 'Server disconnected' }
    const failed = readOne([{ ...first, error, info: {} }, ...rest])
    expect(failed).toMatchObject({ completed: 23, failed: 1 })
    if ('missing' in failed.detail) throw new Error(failed.detail.missing)
    expect(failed.detail.requests.at(-1)).toMatchObject({
      index: 0,
      outcome: 'reset',
      detail: 'ServerDisconnectedError Server disconnected',
    })
  })

  test('is refused when no request succeeded, or one is broken', () => {
    const error = { error_type: 'E', error_msg: 'gone' }
    expect(refusal(requests.map((request) => ({ ...request, error }))).message).toContain(
      'no request succeeded (24 failed)',
    )
    const [first = {}, ...rest] = requests
    expect(refusal([...rest, { ...first, start_time: null }]).message).toContain('[23].start_time is null')
  })
})
