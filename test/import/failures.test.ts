// Every fourth of twelve requests was answered with 500: what each tool wrote then.
import { describe, expect, test } from 'vitest'
import { fixture, readOne } from './files.ts'

describe('failures that a real tool saw stay visible', () => {
  test.each([
    ['vLLM', 'vllm-failed.json', 'Internal Server Error'],
    ['AIPerf', 'aiperf-failed-records.jsonl', 'asked to fail'],
    ['inference-perf', 'inference-perf-failed-requests.json', 'HTTP Error 500'],
    ['GuideLLM', 'guidellm-failed.json', '500 Internal Server Error'],
  ])('%s', (_tool, file, words) => {
    const run = readOne(fixture(file))
    expect(run).toMatchObject({ completed: 9, failed: 3 })
    expect(run.warnings[0]).toContain('3 of 12 requests failed')
    if ('missing' in run.detail) throw new Error(run.detail.missing)
    const failed = run.detail.requests.filter(({ outcome }) => outcome !== 'ok')
    expect(failed.map(({ outcome, status, endMs }) => [outcome, status, endMs])).toEqual([
      ['http-error', 500, null],
      ['http-error', 500, null],
      ['http-error', 500, null],
    ])
    expect(failed[0]?.detail).toContain(words)
  })
})

test('waiting in vLLM\u2019s client, which its latency leaves out, is told', () => {
  const run = readOne(fixture('vllm-queued.jsonl'))
  expect(run.load).toEqual({ concurrency: 4, arrivals: { requestsPerSecond: 5, burstiness: 2 } })
  expect(run.warnings.join()).toMatch(
    /waited for --max-concurrency before they were sent, 3\.\d\d s on average and up to 6\.80 s/,
  )
})
