import { describe, expect, test } from 'vitest'
import { changed, figure, read, readOne, refusal } from './files.ts'

/** A line of `sglang.bench_serving --output-file`, with the keys that its source writes. */
const line = {
  tag: null,
  backend: 'sglang',
  dataset_name: 'random',
  request_rate: 'inf',
  max_concurrency: 8,
  sharegpt_output_len: null,
  random_input_len: 128,
  random_output_len: 64,
  random_range_ratio: 1,
  server_info: { version: '0.5.9', model_path: 'tiny' },
  duration: 20,
  completed: 100,
  total_input_tokens: 12800,
  total_output_tokens: 6400,
  total_output_tokens_retokenized: 6390,
  request_throughput: 5,
  input_throughput: 640,
  output_throughput: 320,
  mean_e2e_latency_ms: 1500,
  median_e2e_latency_ms: 1400,
  std_e2e_latency_ms: 200,
  p99_e2e_latency_ms: 2100,
  mean_ttft_ms: 300,
  median_ttft_ms: 280,
  p99_ttft_ms: 700,
  mean_tpot_ms: 19,
  median_tpot_ms: 18.5,
  p99_tpot_ms: 25,
  mean_itl_ms: 19.1,
  median_itl_ms: 18,
  max_itl_ms: 90,
  concurrency: 7.5,
  accept_length: null,
}

describe('SGLang', () => {
  test('gives latency, TTFT, TPOT and rates in our terms, with the version of the server', () => {
    const run = readOne(line)
    expect(figure(run, 'latency', 'p99')).toMatchObject({
      value: 2100,
      origin: { tool: 'sglang', version: '0.5.9', field: 'p99_e2e_latency_ms' },
    })
    expect(figure(run, 'ttft', 'mean').value).toBe(300)
    expect(figure(run, 'tpot', 'median').value).toBe(18.5)
    expect(figure(run, 'tokensPerSecond', 'value').value).toBe(320)
    expect(figure(run, 'requestRate', 'value').value).toBe(5)
    expect(run.load).toEqual({ concurrency: 8, arrivals: null })
  })

  test('keeps its ITL under its own name: it spreads the gap of a chunk over its tokens', () => {
    const run = readOne(line)
    expect(figure(run, 'sglang.itl', 'max').value).toBe(90)
    expect(run.metrics.some(({ metric }) => metric === 'icl')).toBe(false)
  })

  test('credits missing usage: warned of when the text that came is shorter', () => {
    expect(readOne(line).warnings.join()).not.toContain('credited')
    const run = readOne(changed(line, { total_output_tokens_retokenized: 3200 }))
    expect(run.warnings.join()).toContain('6400 output tokens are counted, but the text that came back has 3200')
  })

  test('does not tell its failures, unless it was run with --output-details', () => {
    expect(readOne(line).failed).toBeNull()
    expect(readOne(line).warnings.join()).toContain('does not tell how many requests failed')
    const run = readOne(changed(line, { errors: ['', 'Service Unavailable', null] }))
    expect(run.failed).toBe(1)
  })

  test('an endless rate is Infinity in its file; a run a line', () => {
    const endless = JSON.stringify(line).replace('"inf"', 'Infinity')
    const runs = read(`${endless}\n${JSON.stringify(changed(line, { request_rate: 2.5 }))}\n`, 'out.jsonl')
    expect(runs.map(({ load, where }) => [where, load])).toEqual([
      ['out.jsonl:1', { concurrency: 8, arrivals: null }],
      ['out.jsonl:2', { concurrency: 8, arrivals: { requestsPerSecond: 2.5, burstiness: 1 } }],
    ])
  })

  test('has no single requests to judge', () => {
    expect(readOne(line).detail).toEqual({ missing: 'SGLang does not write when each request was sent' })
  })

  test.each([
    ['nothing succeeded', { completed: 0 }, 'no request succeeded'],
    ['a latency of zero', { mean_e2e_latency_ms: 0 }, 'mean_e2e_latency_ms is 0'],
    ['a rate that is missing', { output_throughput: undefined }, 'output_throughput is missing'],
    ['null where a number must be', { request_throughput: null }, 'request_throughput is null'],
  ])('refuses %s', (_what, changes, says) => {
    expect(refusal(changed(line, changes)).message).toContain(says)
  })
})
