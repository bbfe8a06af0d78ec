import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evalscope, readResult } from '../../bench/peers/evalscope.ts'
import { parsePeerNames, peerNames, peers } from '../../bench/peers/index.ts'
import { inferencePerf, readSummary } from '../../bench/peers/inference-perf.ts'
import { noSpread, type PeerCell, parsePythonJson, titleOf } from '../../bench/peers/peer.ts'

/** What the tools really wrote, shortened; the expected figures are read off these files by eye. */
const written = (tool: string) => join(import.meta.dirname, 'fixtures', tool)

test('inference-perf: counts, and seconds as milliseconds', () => {
  const figures = inferencePerf.read(written('inference-perf'))
  expect(figures).toMatchObject({ successes: 20, failures: 20 })
  expect(figures?.ttftMs.mean).toBeCloseTo(94.989, 3)
  expect(figures?.ttftMs.median).toBeCloseTo(75.491, 3)
  expect(figures?.ttftMs.p99).toBeCloseTo(207.61, 3)
  expect(figures?.tpotMs.mean).toBeCloseTo(10.015, 3)
  expect(figures?.e2eMs.p99).toBeCloseTo(329.589, 3)
  expect(figures?.requestsPerSecond).toBeCloseTo(17.096, 3)
})

test('evalscope: counts, the mean from one file and the percentiles from the other', () => {
  const figures = evalscope.read(written('evalscope'))
  expect(figures).toMatchObject({ successes: 40, failures: 0, requestsPerSecond: 110.3617 })
  expect(figures?.ttftMs.mean).toBe(41.6)
  expect(figures?.tpotMs.mean).toBe(1.71)
  expect(figures?.e2eMs.mean).toBeCloseTo(67.2, 6)
  expect(figures?.ttftMs.median).toBe(31.9929)
  expect(figures?.tpotMs.p99).toBe(2.6128)
  expect(figures?.e2eMs.p99).toBeCloseTo(86.8, 6)
})

test('a tool that left no result has no figures', () => {
  const empty = mkdtempSync(join(tmpdir(), 'llm-perf-test-'))
  try {
    expect(inferencePerf.read(empty)).toBeNull()
    expect(evalscope.read(empty)).toBeNull()
  } finally {
    rmSync(empty, { recursive: true })
  }
})

test('a figure that does not exist is a bare NaN in what Python writes, and missing here', () => {
  const text = '[{"Percentiles": "50%", "TTFT (ms)": NaN, "list": [NaN, -Infinity], "text": "a: NaN"}]'
  const value = parsePythonJson(text)
  expect(value).toEqual([{ Percentiles: '50%', 'TTFT (ms)': null, list: [null, null], text: 'a: NaN' }])
  expect(readResult({}, value).ttftMs.median).toBeNull()
})

test('what a result leaves out is missing, never 0', () => {
  const nothing = { successes: null, failures: null, ttftMs: noSpread, tpotMs: noSpread, e2eMs: noSpread }
  for (const broken of [null, {}, [], 'text', { successes: { count: Number.NaN, latency: null } }]) {
    expect(readSummary(broken)).toEqual({ ...nothing, requestsPerSecond: null })
    expect(readResult(broken, broken)).toEqual({ ...nothing, requestsPerSecond: null })
  }
})

test('each peer asks for exactly the cell', () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-perf-test-'))
  const cell: PeerCell = {
    origin: 'http://127.0.0.1:9',
    api: 'openai-chat',
    model: 'reference',
    promptTokens: 32,
    outputTokens: 64,
    concurrency: 8,
    requests: 160,
    streaming: true,
    requestTimeoutSeconds: 5,
    timeLimitSeconds: 60,
  }
  try {
    const { args } = evalscope.prepare(cell, { folder, tokenizer: '/T' })
    for (const [flag, value] of [
      ['--url', 'http://127.0.0.1:9/v1/chat/completions'],
      ['--parallel', '8'],
      ['--number', '160'],
      ['--max-tokens', '64'],
      ['--min-tokens', '64'],
    ] as const) {
      expect(args[args.indexOf(flag) + 1], flag).toBe(value)
    }
    expect(args).toContain('--stream')
    const silent = evalscope.prepare({ ...cell, streaming: false }, { folder, tokenizer: '/T' })
    expect(silent.args).not.toContain('--stream')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('peers are pinned to one version, and their names are checked', () => {
  for (const name of peerNames) expect(peers[name].requirement).toMatch(/==\d+\.\d+\.\d+$/)
  expect(titleOf(evalscope)).toBe('evalscope 1.14.1')
  expect(parsePeerNames(undefined)).toEqual([])
  expect(parsePeerNames('evalscope,inference-perf')).toEqual(['evalscope', 'inference-perf'])
  expect(() => parsePeerNames('evalscpe')).toThrow('evalscpe')
})
