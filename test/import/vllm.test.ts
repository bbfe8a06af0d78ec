import { describe, expect, test } from 'vitest'
import { changed, detailOf, figure, missingOf, read, readOne, refusal } from './files.ts'
import { vllmDetailed, vllmSummary } from './vllm-result.ts'

describe('a summary', () => {
  test('gives its numbers in our terms, each with its origin', () => {
    const run = readOne(vllmSummary)
    expect(figure(run, 'latency', 'mean')).toEqual({
      metric: 'latency',
      statistic: 'mean',
      value: 600,
      unit: 'ms',
      origin: {
        tool: 'vllm',
        version: null,
        field: 'mean_e2el_ms',
        caveat: 'ends with the last event that has choices; without the wait for --max-concurrency',
      },
    })
    expect(figure(run, 'ttft', 'p99').value).toBe(298)
    expect(figure(run, 'tpot', 'median').origin.field).toBe('median_tpot_ms')
    expect(figure(run, 'tokensPerSecond', 'value')).toMatchObject({ value: 3.75, unit: '/s' })
    expect(figure(run, 'requestRate', 'value').value).toBe(0.75)
    expect(figure(run, 'latency', 'p99.9').value).toBe(699.8)
  })

  test('calls the gaps between chunks ICL, never TPOT', () => {
    expect(figure(readOne(vllmSummary), 'icl', 'mean').origin.field).toBe('mean_itl_ms')
  })

  test('tells the load and the failures', () => {
    const run = readOne(vllmSummary)
    expect(run).toMatchObject({ completed: 3, failed: 1, load: { concurrency: 2, arrivals: null } })
    expect(run.warnings[0]).toContain('1 of 4 requests failed')
    expect(missingOf(vllmSummary)).toContain('--save-detailed')
  })

  test.each([
    [
      'a rate',
      { request_rate: 5, burstiness: 2 },
      { concurrency: 2, arrivals: { requestsPerSecond: 5, burstiness: 2 } },
    ],
    ['no limit at all', { max_concurrency: null }, { concurrency: 4, arrivals: null }],
    [
      'a rate without a limit',
      { request_rate: 5, max_concurrency: null },
      { concurrency: null, arrivals: { requestsPerSecond: 5, burstiness: 1 } },
    ],
  ])('understands %s', (_what, changes, load) => {
    expect(readOne(changed(vllmSummary, changes)).load).toEqual(load)
  })

  test('reads constant gaps, which Python writes as Infinity', () => {
    const text = JSON.stringify(changed(vllmSummary, { request_rate: 5, burstiness: 'X' })).replace('"X"', 'Infinity')
    expect(readOne(text).load?.arrivals).toEqual({ requestsPerSecond: 5, burstiness: null })
  })

  test('of an older version lacks `failed`: the missing requests are the failed ones', () => {
    expect(readOne(changed(vllmSummary, { failed: undefined })).failed).toBe(1)
  })

  test('--append-result: a run a line', () => {
    const lines = `${JSON.stringify(vllmSummary)}\n${JSON.stringify(changed(vllmSummary, { date: '20260131-130000' }))}`
    expect(read(lines).map(({ where }) => where)).toEqual(['results.json:1', 'results.json:2'])
  })

  test('TPOT of answers of one token is left out, and that is said', () => {
    const zero = { mean_tpot_ms: 0, median_tpot_ms: 0, p99_tpot_ms: 0 }
    const run = readOne(changed(vllmSummary, zero))
    expect(run.metrics.filter(({ metric }) => metric === 'tpot')).toEqual([])
    expect(run.warnings.join()).toContain('tpot is 0 throughout')
  })
})

describe('--save-detailed', () => {
  test('gives every request, in milliseconds from the first one, in the order of completion', () => {
    const { requests, windowMs, streaming } = detailOf(vllmDetailed)
    expect(streaming).toBe(true)
    expect(windowMs).toBe(4000)
    expect(requests.map(({ index }) => index)).toEqual([0, 1, 2, 3])
    expect(requests[1]).toMatchObject({
      scheduledMs: 500,
      sentMs: 500,
      firstTokenMs: 700,
      promptTokens: 10,
      outputTokens: 5,
      chunks: 5,
      outcome: 'ok',
    })
    expect(requests[1]?.endMs).toBeCloseTo(1100, 6)
  })

  test('a failed request keeps its words and has no times', () => {
    expect(detailOf(vllmDetailed).requests[3]).toMatchObject({
      outcome: 'http-error',
      status: 500,
      detail: 'Internal Server Error',
      endMs: null,
      outputTokens: null,
    })
  })

  test('the date is that of the end', () => {
    expect(new Date(detailOf(vllmDetailed).startedAt ?? '').getTime()).toBe(new Date(2026, 0, 31, 12, 0, 0).getTime())
  })

  test('`latencies` of newer versions stand for the sum of the gaps', () => {
    const { requests } = detailOf(changed(vllmDetailed, { itls: undefined, latencies: [1, 2, 1.5, 0] }))
    expect(requests.map(({ index, endMs }) => [index, endMs])).toEqual([
      [0, 1000],
      [1, 2500],
      [2, 2500],
      [3, null],
    ])
  })

  test('with a rate, a request was due before it had waited for its turn', () => {
    const { requests } = detailOf(changed(vllmDetailed, { request_rate: 2, queue_times: [0, 0.25, 0, 0] }))
    expect(requests.map(({ scheduledMs, sentMs }) => [scheduledMs, sentMs])).toEqual([
      [0, 0],
      [250, 500],
      [1000, 1000],
      [1500, 1500],
    ])
  })

  test('in a closed loop it stood in line from the start, which is no delay', () => {
    const { requests } = detailOf(changed(vllmDetailed, { queue_times: [0, 0, 1, 1.5] }))
    expect(requests.every(({ scheduledMs, sentMs }) => scheduledMs === sentMs)).toBe(true)
  })

  test('no first token anywhere: nothing was streamed', () => {
    const { streaming, requests } = detailOf(
      changed(vllmDetailed, { ttfts: [0, 0, 0, 0], itls: undefined, latencies: [1, 1, 1, 0] }),
    )
    expect([streaming, requests[0]?.firstTokenMs, requests[0]?.endMs]).toEqual([false, null, 1000])
  })

  test.each([
    ['no start times', { start_times: undefined }, 'no start_times'],
    ['neither gaps nor latencies', { itls: undefined }, 'neither latencies nor itls'],
    ['a rising rate', { ramp_up_strategy: 'linear' }, 'rate rises'],
  ])('%s: no requests, and it says why', (_what, changes, says) => {
    expect(missingOf(changed(vllmDetailed, changes))).toContain(says)
  })
})

describe('is refused, by key', () => {
  test.each<[string, Record<string, unknown>, string, 'usage' | 'invalid']>([
    [
      'nothing succeeded',
      { completed: 0, failed: 4, request_throughput: 0, output_throughput: 0, total_output_tokens: 0 },
      'no request succeeded',
      'invalid',
    ],
    ['a part of the run', { failed: 0 }, 'num_prompts is 4, but completed is 3 and failed is 0', 'invalid'],
    ['more than was planned', { completed: 5, request_throughput: 1.25 }, 'num_prompts is 4', 'invalid'],
    [
      'rates of another run',
      { request_throughput: 9 },
      'request_throughput is 9, but completed / duration is 0.75',
      'usage',
    ],
    ['a TTFT of zero', { mean_ttft_ms: 0 }, 'mean_ttft_ms is 0', 'usage'],
    ['a negative time', { mean_e2el_ms: -1 }, 'mean_e2el_ms is -1', 'usage'],
    ['a number as text', { duration: '4' }, 'duration is "4"', 'usage'],
    ['a missing count', { completed: undefined, request_throughput: 0.75 }, 'completed is missing', 'usage'],
    ['half a request', { completed: 2.5, request_throughput: 0.625 }, 'completed is 2.5', 'usage'],
    ['an embedding benchmark', { total_output_tokens: undefined }, 'total_output_tokens', 'usage'],
  ])('%s', (_what, changes, says, code) => {
    const error = refusal(changed(vllmSummary, changes))
    expect(error.message).toContain(says)
    expect(error.code).toBe(code)
    expect(error.hint).not.toBe('')
  })

  test('NaN, as Python writes it', () => {
    const text = JSON.stringify(vllmSummary).replace('"mean_ttft_ms":200', '"mean_ttft_ms":NaN')
    expect(refusal(text).message).toContain('mean_ttft_ms is "NaN"; a finite number')
  })

  test.each([
    ['lists of different lengths', { ttfts: [0.1, 0.2, 0.3] }, 'errors is of 4 entries, but another list has 3'],
    ['lists that do not have what is counted', { errors: ['', 'x', '', 'x'] }, 'completed is 3, but the lists hold 2'],
    ['a success without a token', { output_lens: [5, 5, 0, 0] }, 'completed is 3, but the lists hold 2'],
    ['a time below zero', { ttfts: [0.1, -0.2, 0.3, 0] }, 'ttfts[1] is -0.2'],
    ['a gap that is no number', { itls: [[0.1], [null], [], []] }, 'itls[1][0] is null'],
    [
      'a run shorter than its requests',
      { duration: 1, request_throughput: 3, output_throughput: 15 },
      'at odds with itself',
    ],
    ['no date', { date: 'yesterday' }, 'date is "yesterday"'],
  ])('%s', (_what, changes, says) => {
    expect(refusal(changed(vllmDetailed, changes)).message).toContain(says)
  })
})
