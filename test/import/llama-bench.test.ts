import { describe, expect, test } from 'vitest'
import { changed, figure, fixture, readOne, refusal } from './files.ts'

const prompt = {
  build_commit: '9f62d73e',
  build_number: 7000,
  cpu_info: 'CPU',
  model_type: 'llama',
  n_prompt: 512,
  n_gen: 0,
  n_depth: 0,
  test_time: '2026-01-31T12:00:00Z',
  avg_ns: 500_000_000,
  avg_ts: 1024,
  stddev_ts: 8,
  samples_ns: [500_000_000, 500_000_000],
  samples_ts: [1016, 1032],
}
const generation = changed(prompt, { n_prompt: 0, n_gen: 128, avg_ts: 40, stddev_ts: 1, samples_ts: [39, 41] })
const both = changed(prompt, { n_gen: 128, n_depth: 256, avg_ts: 90, samples_ts: undefined, stddev_ts: undefined })

describe('llama-bench', () => {
  test('names its tests as its own tables do, in tokens per second', () => {
    const run = readOne([prompt, generation, both])
    expect(figure(run, 'llama-bench.pp512', 'mean')).toMatchObject({
      value: 1024,
      unit: '/s',
      origin: { tool: 'llama-bench', version: '9f62d73e', field: '[0].avg_ts' },
    })
    expect(figure(run, 'llama-bench.pp512', 'stddev').value).toBe(8)
    expect(figure(run, 'llama-bench.tg128', 'mean').value).toBe(40)
    expect(figure(run, 'llama-bench.pp512+tg128@d256', 'mean').value).toBe(90)
  })

  test('is said to be a check of the kernels, and never becomes requests', () => {
    const run = readOne([prompt])
    expect(run.warnings.join()).toContain('without tokenisation')
    expect(run).toMatchObject({ completed: null, failed: null, detail: { missing: 'llama-bench sends no requests' } })
  })

  test('-o jsonl is one run too', () => {
    const run = readOne(`${JSON.stringify(prompt)}\n${JSON.stringify(generation)}\n`)
    expect(run.where).toBe('results.json')
    expect(run.metrics.map(({ metric }) => metric)).toContain('llama-bench.tg128')
  })

  test('as llama-bench itself wrote it', () => {
    const run = readOne(fixture('llama-bench.json'))
    // The mean of 1430.03, 1755.08 and 1319.59, and their deviation as a sample.
    expect(figure(run, 'llama-bench.pp64', 'mean').value).toBeCloseTo(1501.567, 2)
    expect(figure(run, 'llama-bench.pp64', 'stddev').value).toBeCloseTo(226.39, 2)
    expect(run.metrics.map(({ metric }) => metric)).toContain('llama-bench.tg16')
    const deep = readOne(fixture('llama-bench.jsonl'))
    expect(figure(deep, 'llama-bench.pp64@d32', 'mean').value).toBe(1517.228252)
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['a speed of zero', { avg_ts: 0, samples_ts: [0, 0] }, '[0].avg_ts is 0'],
    ['no samples', { samples_ts: [] }, 'samples_ts is empty'],
    ['a mean of other samples', { avg_ts: 999 }, 'avg_ts is 999, but the mean of samples_ts is 1024'],
    ['a mean that is no number', { avg_ts: null }, 'avg_ts is null'],
    ['no number of tokens', { n_prompt: undefined, n_gen: undefined }, 'no result file that is known'],
  ])('is refused with %s', (_what, changes, says) => {
    expect(refusal([changed(prompt, changes)]).message).toContain(says)
  })
})
