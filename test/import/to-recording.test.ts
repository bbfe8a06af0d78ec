import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { readResults } from '../../src/import/index.ts'
import { type GivenPlan, type ImportedRecording, toRecording } from '../../src/import/to-recording.ts'
import { evidenceOfRecording } from '../../src/recording/evidence.ts'
import { readRecording } from '../../src/recording/read.ts'
import { createRecording } from '../../src/recording/write.ts'
import { changed, fixture } from './files.ts'
import { vllmRun } from './vllm-runs.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-perf-import-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

function convert(contents: readonly (object | string)[], given: GivenPlan = {}): ImportedRecording {
  const files = contents.map((content, index) => ({
    path: `run-${index + 1}.json`,
    text: typeof content === 'string' ? content : JSON.stringify(content),
  }))
  const options = { runner: 'gpu-1', given, now: new Date('2026-02-01T00:00:00Z'), toolVersion: '0.1.0' }
  return toRecording(readResults(files), options)
}

function refusal(contents: readonly (object | string)[], given?: GivenPlan): ActionError {
  try {
    convert(contents, given)
  } catch (error) {
    if (error instanceof ActionError) return error
    throw error
  }
  throw new Error('expected a refusal')
}

async function evidence({ header, trials }: ImportedRecording) {
  const writer = await createRecording(folder, header)
  for (const { trial, requests } of trials) await writer.append(trial, requests)
  return evidenceOfRecording(await readRecording(folder))
}

test('one file is one trial of one scenario, named by what was measured', () => {
  const { header, trials } = convert([vllmRun({ seed: 1 }), vllmRun({ seed: 2 })])
  expect(header.plan.scenarios).toEqual([
    expect.objectContaining({
      name: 'p32-o16-c2',
      promptTokens: 32,
      outputTokens: 16,
      concurrency: 2,
      requests: 30,
      streaming: true,
      prompts: null,
    }),
  ])
  expect(trials.map(({ trial }) => [trial.id, trial.order, trial.pair, trial.stage])).toEqual([
    ['i1', 0, null, 'baseline'],
    ['i2', 1, null, 'baseline'],
  ])
  expect(trials[1]?.requests).toHaveLength(30)
  expect(trials[1]?.requests[0]).toMatchObject({ trial: 'i2', scenario: 'p32-o16-c2', outcome: 'ok' })
})

test('what no file tells is named, and the runner is no measured class', () => {
  const { header, trials } = convert([vllmRun()])
  expect(header).toMatchObject({
    commit: null,
    calibration: null,
    runnerClass: { id: 'gpu-1-by-vllm', cpu: 'unknown', cores: 0, gpu: null },
    imported: { tool: 'vllm', version: null, from: ['run-1.json'] },
  })
  expect(header.imported?.untold.join()).toContain('start-up')
  expect(trials[0]?.trial).toMatchObject({ telemetry: null, findings: [] })
})

test('is read back as a recording, and its trials are valid measurements', async () => {
  const trials = await evidence(convert([vllmRun({ seed: 1 }), vllmRun({ seed: 2 })]))
  expect(trials.map(({ findings }) => findings)).toEqual([[], []])
  const latency = trials[0]?.scenarios['p32-o16-c2']?.values.latencyMean
  expect(latency).toBeGreaterThan(480)
  expect(latency).toBeLessThan(520)
})

test('failed requests stay failures: such a trial is invalid', async () => {
  const run = vllmRun()
  const errors = Array.from({ length: 30 }, (_, index) => (index === 7 ? 'boom' : ''))
  const outputs = errors.map((error) => (error === '' ? 16 : 0))
  const broken = changed(run, {
    errors,
    output_lens: outputs,
    completed: 29,
    failed: 1,
    total_output_tokens: 29 * 16,
    request_throughput: 29 / (run.duration as number),
    output_throughput: (29 * 16) / (run.duration as number),
  })
  const [trial] = await evidence(convert([broken]))
  expect(trial?.findings.map(({ code }) => code)).toContain('failures')
  expect(trial?.findings[0]?.message).toContain('boom')
  expect(trial?.scenarios).toEqual({})
})

test('scenarios of one trial follow one another', () => {
  const { header, trials } = convert([
    vllmRun(),
    vllmRun({ concurrency: 4 }),
    vllmRun({ seed: 2 }),
    vllmRun({ seed: 2, concurrency: 4 }),
  ])
  expect(header.plan.scenarios.map(({ name }) => name)).toEqual(['p32-o16-c2', 'p32-o16-c4'])
  expect(trials).toHaveLength(2)
  const windows = trials[0]?.trial.windows ?? []
  expect(windows[1]?.startMs).toBe(windows[0]?.endMs)
  const second = trials[0]?.requests.filter(({ scenario }) => scenario === 'p32-o16-c4') ?? []
  expect(Math.min(...second.map(({ sentMs }) => sentMs ?? 0))).toBe(windows[1]?.startMs)
  expect(windows.map(({ peakInFlight }) => peakInFlight)).toEqual([2, 4])
})

describe('prompts of many lengths', () => {
  const ofDataSet = (index: number) => 20 + ((index * 37) % 100)

  test('are a data set: their lengths, request by request, tell whether two runs had the same', async () => {
    const recording = convert([vllmRun({ promptTokens: ofDataSet }), vllmRun({ seed: 2, promptTokens: ofDataSet })])
    expect(recording.header.plan.scenarios[0]?.prompts?.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect((await evidence(recording)).flatMap(({ findings }) => findings)).toEqual([])
    const other = vllmRun({ seed: 2, promptTokens: (index) => ofDataSet(index + 1) })
    expect(refusal([vllmRun({ promptTokens: ofDataSet }), other]).message).toContain('other lengths')
  })

  test('are off the plan where one is given', async () => {
    const [trial] = await evidence(convert([vllmRun({ promptTokens: ofDataSet })], { promptTokens: 64 }))
    expect(trial?.findings.map(({ code }) => code)).toContain('prompt-length')
  })

  test('a token or two are no data set', () => {
    const { header } = convert([vllmRun({ promptTokens: (index) => 32 + (index % 3) })])
    expect(header.plan.scenarios[0]).toMatchObject({ promptTokens: 33, prompts: null })
  })
})

describe('is refused', () => {
  test('trials that did not do the same work', () => {
    expect(refusal([vllmRun(), vllmRun({ requests: 31 })]).message).toContain('their requests are 30 and 31')
  })

  test('a scenario that one trial lacks', () => {
    const error = refusal([vllmRun(), vllmRun({ seed: 2 }), vllmRun({ concurrency: 4 })])
    expect(error.message).toContain('"p32-o16-c2" was measured 2 times, "p32-o16-c4" 1 time')
  })

  test('a file without its requests, and it says how to get them', () => {
    const error = refusal([fixture('inference-perf-summary.json')])
    expect(error.message).toContain('run-1.json cannot become a recording: it is a summary')
    expect(error.hint).toContain('--save-detailed')
  })

  test('files of two tools at once', () => {
    const error = refusal([vllmRun(), fixture('inference-perf-requests.json')], { concurrency: 2 })
    expect(error.message).toContain('vllm, inference-perf')
  })

  test('a file that does not tell the load, until it is given', () => {
    const records = fixture('aiperf-records.jsonl')
    expect(refusal([records])).toMatchObject({ hint: 'Give --concurrency N.' })
    const { header } = convert([records], { concurrency: 2, scenario: 'short' })
    expect(header.plan.scenarios[0]).toMatchObject({ name: 'short', concurrency: 2, outputTokens: 16, requests: 24 })
  })

  test('one name for two scenarios', () => {
    const error = refusal([vllmRun(), vllmRun({ concurrency: 4 })], { scenario: 'mine' })
    expect(error.message).toContain('both "mine", but their concurrency are 2 and 4')
  })
})

describe('what real tools wrote becomes a valid trial', () => {
  test.each([
    ['vLLM', 'vllm-detailed.json', {}],
    ['AIPerf', 'aiperf-records.jsonl', { concurrency: 2 }],
    ['inference-perf', 'inference-perf-requests.json', { concurrency: 2 }],
    ['GuideLLM', 'guidellm.json', {}],
  ])('%s', async (_tool, file, given) => {
    const trials = await evidence(convert([fixture(file)], given))
    expect(trials.flatMap(({ findings }) => findings)).toEqual([])
    expect(trials.flatMap(({ scenarios }) => Object.values(scenarios).map(({ requests }) => requests))).toEqual([
      file === 'guidellm.json' ? 12 : 24,
    ])
  })
})
