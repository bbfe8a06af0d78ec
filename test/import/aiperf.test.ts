import { describe, expect, test } from 'vitest'
import { changed, detailOf, figure, fixture, read, readOne, refusal } from './files.ts'

const summary = JSON.parse(fixture('aiperf-summary.json')) as Record<string, unknown>
const records = fixture('aiperf-records.jsonl')

describe('profile_export_aiperf.json, as AIPerf 0.13 wrote it', () => {
  test('gives its numbers in our terms: inter_token_latency is TPOT, inter_chunk_latency is ICL', () => {
    const run = readOne(summary)
    expect(figure(run, 'tpot', 'mean')).toMatchObject({
      value: 16.556932802777776,
      unit: 'ms',
      origin: { tool: 'aiperf', version: '0.13.0', field: 'inter_token_latency.avg' },
    })
    expect(figure(run, 'icl', 'p50').value).toBe(3.2968374999999996)
    expect(figure(run, 'latency', 'p99').value).toBe(1082.95747577)
    expect(figure(run, 'tokensPerSecond', 'mean')).toMatchObject({ value: 36.83236237736421, unit: '/s' })
    expect(figure(run, 'requestRate', 'mean').value).toBe(2.3020226485852633)
  })

  test('tells load and failures', () => {
    expect(readOne(summary)).toMatchObject({ load: { concurrency: 2, arrivals: null }, completed: 24, failed: 0 })
    const failed = changed(summary, {
      error_summary: [
        { error_details: { code: 503 }, count: 2 },
        { error_details: { code: null }, count: 1 },
      ],
    })
    expect(readOne(failed).failed).toBe(3)
    expect(readOne(changed(summary, { error_request_count: { unit: 'requests', avg: 4 } })).failed).toBe(4)
  })

  test.each([
    ['sec', 0.8, 800],
    ['us', 800_000, 800],
    ['ns', 800_000_000, 800],
  ])('reads the unit it states: %s', (unit, avg, ms) => {
    expect(figure(readOne(changed(summary, { request_latency: { unit, avg } })), 'latency', 'mean').value).toBeCloseTo(
      ms,
      9,
    )
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['an unknown unit', { request_latency: { unit: 'ticks', avg: 1 } }, 'request_latency.unit is "ticks"'],
    ['no unit', { request_latency: { avg: 1 } }, 'request_latency.unit is missing'],
    ['a cancelled run', { was_cancelled: true }, 'the run was cancelled'],
    ['an unfinished run', { is_complete: false }, 'the run was cancelled'],
    ['an unknown schema', { schema_version: '2.0' }, 'schema_version is "2.0"; only 1.x'],
    ['no schema', { schema_version: undefined }, 'schema_version is missing'],
    ['several runs joined', { metadata: { num_profile_runs: 3 } }, 'metadata is that of several runs'],
    ['nothing that succeeded', { request_count: { unit: 'requests', avg: 0 } }, 'no request succeeded'],
    ['no count of requests', { request_count: undefined }, 'request_count is missing'],
  ])('is refused with %s', (_what, changes, says) => {
    expect(refusal(changed(summary, changes)).message).toContain(says)
  })
})

/** Two requests: 100 ms to the first token and 500 ms in all for 5 tokens; and one that failed. */
const line = (changes: { metadata?: object; metrics?: object; error?: object } = {}) =>
  JSON.stringify({
    metadata: {
      session_num: 0,
      request_start_ns: 1_795_340_904_000_000_000,
      request_ack_ns: 1_795_340_904_050_000_000,
      request_end_ns: 1_795_340_904_500_000_000,
      benchmark_phase: 'profiling',
      was_cancelled: false,
      ...changes.metadata,
    },
    metrics: {
      input_sequence_length: { value: 10, unit: 'tokens' },
      output_sequence_length: { value: 5, unit: 'tokens' },
      time_to_first_token: { value: 100, unit: 'ms' },
      request_latency: { value: 0.5, unit: 'sec' },
      inter_chunk_latency: { value: [150, 250], unit: 'ms' },
      ...changes.metrics,
    },
    ...(changes.error ? { error: changes.error } : {}),
  })
const second = line({ metadata: { request_start_ns: 1_795_340_904_250_000_000, request_ack_ns: null } })
const failure = line({
  metadata: { request_start_ns: 1_795_340_904_100_000_000 },
  metrics: {},
  error: { code: 503, type: 'HTTPError', message: 'overloaded' },
})

describe('profile_export.jsonl', () => {
  test('gives every request of the measured phase, in milliseconds from the first one', () => {
    const detail = detailOf(`${second}\n${line()}\n${failure}\n`)
    expect(detail).toMatchObject({ streaming: true, startedAt: '2026-11-22T09:48:24.000Z' })
    expect(detail.windowMs).toBeCloseTo(750, 3)
    expect(
      detail.requests.map(({ index, sentMs, firstByteMs, firstTokenMs, endMs }) => [
        index,
        // Clocks of an epoch in nanoseconds are good to a quarter of a microsecond, as JSON numbers.
        ...[sentMs, firstByteMs, firstTokenMs, endMs].map((ms) => (ms === null ? null : Number(ms.toFixed(3)))),
      ]),
    ).toEqual([
      [1, 0, 50, 100, 500],
      [0, 250, null, 350, 750],
      [2, 100, null, null, null],
    ])
    expect(detail.requests[0]).toMatchObject({ promptTokens: 10, outputTokens: 5, chunks: 3, firstChunkTokens: 1 })
    expect(detail.requests[2]).toMatchObject({ outcome: 'http-error', status: 503, detail: 'HTTPError overloaded' })
  })

  test('computes TPOT as (latency - TTFT) / (tokens - 1)', () => {
    expect(figure(readOne(`${line()}\n${second}`), 'tpot', 'mean').value).toBeCloseTo((500 - 100) / 4, 9)
  })

  test('of a real run agrees with its summary', () => {
    const [run] = read(records, 'profile_export.jsonl')
    if (!run) throw new Error('no run')
    const known = readOne(summary)
    expect(run.completed).toBe(24)
    for (const metric of ['latency', 'ttft', 'tpot']) {
      for (const statistic of ['mean', 'stddev', 'p50', 'p90', 'p95', 'p99']) {
        const expected = figure(known, metric, statistic).value
        expect(figure(run, metric, statistic).value, `${metric} ${statistic}`).toBeCloseTo(expected, 6)
      }
    }
    expect('missing' in run.detail ? null : run.detail.warmupRequests).toBe(2)
  })

  test('a cancelled request is a failure', () => {
    const cancelled = line({ metadata: { was_cancelled: true, request_start_ns: 1_795_340_904_300_000_000 } })
    expect(detailOf(`${line()}\n${cancelled}`).requests[1]).toMatchObject({ outcome: 'aborted', endMs: null })
  })

  test('without a first token nothing was streamed', () => {
    const plain = detailOf(line({ metrics: { time_to_first_token: undefined, inter_chunk_latency: undefined } }))
    expect(plain.streaming).toBe(false)
    expect(plain.requests[0]).toMatchObject({ firstTokenMs: null, lastTokenMs: null, endMs: 500, chunks: 5 })
  })

  test.each([
    ['nothing that succeeded', `${failure}\n`, 'no request succeeded (1 failed)'],
    ['only a warm-up', line({ metadata: { benchmark_phase: 'warmup' } }), 'no request succeeded'],
    [
      'an unknown phase',
      `${line()}\n${line({ metadata: { benchmark_phase: 'soak' } })}`,
      'results.json:2: metadata.benchmark_phase is "soak"',
    ],
    ['a success without a latency', line({ metrics: { request_latency: undefined } }), 'request_latency is missing'],
    [
      'a success without tokens',
      line({ metrics: { output_sequence_length: undefined } }),
      'output_sequence_length is missing',
    ],
    ['an unknown unit', line({ metrics: { request_latency: { value: 1, unit: 'h' } } }), 'request_latency.unit is "h"'],
    ['half a last line', `${line()}\n${second.slice(0, 80)}`, 'results.json:2: not JSON'],
  ])('is refused with %s', (_what, text, says) => {
    expect(refusal(text).message).toContain(says)
  })
})
