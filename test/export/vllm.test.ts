import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exportRecording } from '../../src/cli/export.ts'
import type { ExportInput } from '../../src/export/index.ts'
import { exporters } from '../../src/export/index.ts'
import { readResults, toRecording } from '../../src/import/index.ts'
import { summariseScenario } from '../../src/metrics/summarise.ts'
import type { ScenarioWindow } from '../../src/model/recording.ts'
import type { RequestRecord } from '../../src/model/request.ts'
import { createRecording } from '../../src/recording/write.ts'
import { fiveRequests, header, request, scenario, trial } from '../recording/sample.ts'
import { llmPerf, runCommand } from './llm-perf.ts'

const window = windowOfSample()

function windowOfSample(): ScenarioWindow {
  const [only] = trial('h1', 0).windows
  if (!only) throw new Error('the sample has a window')
  return only
}

function input(requests: readonly RequestRecord[], changes: Partial<ExportInput> = {}): ExportInput {
  return { run: { ...header, trials: [] }, trial: trial('h1', 0), scenario, window, requests, ...changes }
}

function exported(given: ExportInput): Record<string, unknown> {
  const file = exporters.vllm?.(given)
  return JSON.parse(file?.text ?? 'null') as Record<string, unknown>
}

/** Latencies 50, 60, 70, 80, 90 ms; first token after 10 ms; 5 tokens; sent 100 ms apart from 1000 ms on. */
const steps: RequestRecord[] = [0, 1, 2, 3, 4].map((index) => {
  const sentMs = 1000 + 100 * index
  const endMs = sentMs + 50 + 10 * index
  return request('h1', index, { sentMs, endMs, firstTokenMs: sentMs + 10, lastTokenMs: endMs, outputTokens: 5 })
})

describe('vLLM format', () => {
  test('holds the statistics by their keys there, as numpy computes them', () => {
    const result = exported(input(steps))
    expect(result).toMatchObject({ mean_e2el_ms: 70, median_e2el_ms: 70, mean_ttft_ms: 10 })
    // numpy.percentile of [50, 60, 70, 80, 90]: linear between neighbours, 90 % lies at position 3.6.
    expect(result.p90_e2el_ms).toBeCloseTo(86, 9)
    expect(result.p99_e2el_ms).toBeCloseTo(89.6, 9)
    // numpy.std: the square root of (400 + 100 + 0 + 100 + 400) / 5.
    expect(result.std_e2el_ms).toBeCloseTo(Math.sqrt(200), 9)
    // (latency - TTFT) / (tokens - 1): 10, 12.5, 15, 17.5, 20.
    expect(result.mean_tpot_ms).toBeCloseTo(15, 9)
    expect(result.p50_tpot_ms).toBeCloseTo(15, 9)
  })

  test('holds counts, rates and the load', () => {
    expect(exported(input(steps))).toMatchObject({
      backend: 'openai',
      num_prompts: 5,
      completed: 5,
      failed: 0,
      duration: 0.5,
      total_input_tokens: 640,
      total_output_tokens: 25,
      request_throughput: 10,
      output_throughput: 50,
      total_token_throughput: 1330,
      request_rate: 'inf',
      max_concurrency: 4,
      llm_perf_scenario: 'p128-o64-c4',
      llm_perf_trial: 'h1',
    })
  })

  test('holds a value a request, in seconds, in the order of sending', () => {
    const result = exported(input(steps.toReversed()))
    expect(result.start_times).toEqual([1, 1.1, 1.2, 1.3, 1.4])
    const latencies = result.latencies as number[]
    expect(latencies.map((seconds) => Number(seconds.toFixed(9)))).toEqual([0.05, 0.06, 0.07, 0.08, 0.09])
    expect(result.errors).toEqual(['', '', '', '', ''])
    expect(result.output_lens).toEqual([5, 5, 5, 5, 5])
  })

  test('leaves out what a recording does not keep', () => {
    const keys = Object.keys(exported(input(steps)))
    expect(keys.filter((key) => /itl|generated_texts/.test(key))).toEqual([])
  })

  test('a failed request holds zeros and says why; it is in no statistic', () => {
    const failed = request('h1', 4, { outcome: 'http-error', detail: 'status 500', endMs: null, outputTokens: null })
    const result = exported(input([...steps.slice(0, 4), failed]))
    expect(result).toMatchObject({ completed: 4, failed: 1, mean_e2el_ms: 65, total_output_tokens: 20 })
    expect((result.errors as string[])[4]).toBe('http-error: status 500')
    expect((result.latencies as number[])[4]).toBe(0)
  })

  test.each([
    ['a closed loop', {}, /^llm-perf-infqps-concurrency4-p128-o64-c4-\d{8}-\d{6}\.json$/],
    [
      'a rate',
      { arrivals: { requestsPerSecond: 2.5, burstiness: 1 }, concurrency: null },
      /^llm-perf-2\.5qps-p128-o64-c4-\d{8}-\d{6}\.json$/,
    ],
  ])('is named as vLLM names it: %s', (_what, changes, name) => {
    expect(exporters.vllm?.(input(steps, { scenario: { ...scenario, ...changes } })).name).toMatch(name)
  })
})

describe('there and back again', () => {
  const back = (given: ExportInput) => {
    const file = exporters.vllm?.(given)
    const runs = readResults([{ path: file?.name ?? '', text: file?.text ?? '' }])
    return { runs, ...toRecording(runs, { runner: 'r', given: {}, now: new Date(), toolVersion: '0.1.0' }) }
  }

  test.each([
    ['streaming', steps, {}],
    ['not streaming', steps.map((one) => ({ ...one, firstTokenMs: null, lastTokenMs: null })), { streaming: false }],
    ['a rate with constant gaps', steps, { concurrency: null, arrivals: { requestsPerSecond: 10, burstiness: null } }],
    ['a rate with a limit', steps, { concurrency: 3, arrivals: { requestsPerSecond: 10, burstiness: 2 } }],
  ])('%s: the same load, and the same metrics', (_what, requests, changes) => {
    const asked = { ...scenario, outputTokens: 5, name: 'same', ...changes }
    const start = steps[0]?.sentMs ?? 0
    const whole = { ...window, startMs: start, steadyStartMs: start, endMs: 1500, steadyEndMs: 1400 }
    const { header: found, trials } = back(input(requests, { scenario: asked, window: whole }))
    const [imported] = found.plan.scenarios
    const [only] = trials
    if (!imported || !only?.trial.windows[0]) throw new Error('nothing came back')
    expect({ ...imported, name: 'same' }).toEqual(asked)
    const before = summariseScenario(requests, whole, asked)
    const after = summariseScenario(only.requests, only.trial.windows[0], imported)
    expect(after?.requests).toBe(5)
    for (const [metric, value] of Object.entries(before?.values ?? {})) {
      const again = after?.values[metric as keyof typeof after.values] ?? null
      if (value === null) expect(again, metric).toBeNull()
      else expect(again, metric).toBeCloseTo(value, 6)
    }
  })

  test('the figures of the file are those of its requests', () => {
    const [run] = back(input(fiveRequests('h1'))).runs
    const mean = run?.metrics.find(({ metric, statistic }) => metric === 'latency' && statistic === 'mean')
    expect(mean?.value).toBeCloseTo(90, 9)
  })
})

describe('llm-perf export', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'llm-perf-export-'))
    const writer = await createRecording(join(folder, 'rec'), header)
    await writer.append(trial('h1', 0), fiveRequests('h1'))
    await writer.append(
      trial('h2', 1),
      fiveRequests('h2').map((one) => ({ ...one, outcome: 'deadline' as const, endMs: null })),
    )
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })

  test('writes the file by vLLM’s name, or where it is told to', async () => {
    const there = await llmPerf(folder, 'export', '--format', 'vllm', 'rec', '--trial', 'h1')
    expect(there.code, there.stderr).toBe(0)
    const [name = ''] = (await readdir(folder)).filter((file) => file.endsWith('.json'))
    expect(there.stdout.trim()).toMatch(new RegExp(`${name}$`))
    expect(name).toMatch(/^llm-perf-infqps-concurrency4-/)
    const mine = join(folder, 'mine.json')
    const named = await runCommand(
      exportRecording,
      join(folder, 'rec'),
      '--format',
      'vllm',
      '--trial',
      'h1',
      '--out',
      mine,
    )
    expect(named.code, named.stderr).toBe(0)
    expect(JSON.parse(await readFile(mine, 'utf8'))).toMatchObject({ completed: 5 })
  })

  test('refuses what it cannot choose, or what holds nothing', async () => {
    const rec = join(folder, 'rec')
    const cases: [string[], number, string][] = [
      [[rec, '--format', 'vllm'], 2, '--trial: the recording has 2; allowed: h1, h2'],
      [[rec, '--format', 'vllm', '--trial', 'h9'], 2, '--trial: got "h9"; allowed: h1, h2'],
      [[rec, '--format', 'csv', '--trial', 'h1'], 2, '--format: got "csv"; allowed: vllm'],
      [['--format', 'vllm'], 2, 'DIR: missing'],
      [[rec, rec, '--format', 'vllm'], 2, '2 folders were given'],
      [[rec, '--format', 'vllm', '--trial', 'h1', '--scenario', 'x'], 2, '--scenario: got "x"; allowed: p128-o64-c4'],
      [[rec, '--format', 'vllm', '--trial', 'h2'], 3, 'No request of "p128-o64-c4" in trial h2 succeeded'],
      [[rec, '--format', 'vllm', '--trial', 'h1', '--out', join(folder, 'no', 'a.json')], 2, 'cannot be written'],
    ]
    for (const [args, code, says] of cases) {
      const refused = await runCommand(exportRecording, ...args)
      expect(refused.stderr).toContain(says)
      expect(refused.code, says).toBe(code)
    }
    await writeFile(join(rec, 'run.json'), '{}')
    expect((await runCommand(exportRecording, rec, '--format', 'vllm')).stderr).toContain('run.json: schema is missing')
  })
})
