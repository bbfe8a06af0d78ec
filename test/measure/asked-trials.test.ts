// Which trials of a run are asked the questions whose answers are compared, with real server processes.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { compareOutputs } from '../../src/judge/outputs.ts'
import { silentLog } from '../../src/log.ts'
import { TrialRun } from '../../src/measure/run.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import type { Side, Stage } from '../../src/model/trial.ts'
import { header } from '../recording/sample.ts'
import { tinyLoad, tinyScenario, tinyServer, tinyServerConfig } from './tiny-server.ts'

const figures = { medianMs: 0, p99Ms: 0 }
const calibration = { concurrency: 2, requests: 16, ttft: figures, tpot: figures, latency: figures, attempts: 1 }

const otherAnswer = `if (prompt.startsWith("Paris")) return response.end(JSON.stringify({
  choices: [{ text: ' b', finish_reason: 'stop' }], usage: { prompt_tokens: 4, completion_tokens: 1 } }))`

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-perf-asked-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

/** A run whose two sides have servers of their own. */
async function runOf(scripts: Readonly<Record<Side, string>>): Promise<TrialRun> {
  for (const [side, script] of Object.entries(scripts)) {
    await mkdir(join(folder, side))
    await writeFile(join(folder, side, 'server.mjs'), tinyServer(script))
  }
  const side = (name: Side) => async () => {
    return { side: name, commit: null, root: join(folder, name), server: tinyServerConfig }
  }
  return new TrialRun({
    scenarios: [tinyScenario],
    window: null,
    policy: defaultPolicy,
    seed: 1,
    accepted: [],
    calibrate: async () => calibration,
    notes: [],
    sides: { base: side('base'), head: side('head') },
    out: join(folder, 'out'),
    header: { toolVersion: header.toolVersion, runnerClass: header.runnerClass },
    around: {
      load: tinyLoad,
      marker: 'llm-perf-test-asked',
      signal: new AbortController().signal,
      onSpawn: () => {},
    },
    log: silentLog,
  })
}

/** One trial, and whether it was asked. */
async function isAsked(run: TrialRun, side: Side, stage: Stage): Promise<boolean> {
  await run.repeat(side, stage, 1)
  return run.evidence.at(-1)?.outputs !== undefined
}

test('a screen is not asked, and of sides that agree one trial each', { timeout: 60_000 }, async () => {
  const run = await runOf({ base: '', head: '' })
  expect(await isAsked(run, 'head', 'screen')).toBe(false)
  expect(await isAsked(run, 'head', 'baseline')).toBe(true)
  expect(await isAsked(run, 'base', 'baseline')).toBe(true)
  expect(await isAsked(run, 'head', 'baseline')).toBe(false)
  expect(compareOutputs(run.evidence)?.kind).toBe('same')
})

test('sides that differ are asked in every trial', { timeout: 60_000 }, async () => {
  const run = await runOf({ base: otherAnswer, head: '' })
  for (const side of ['base', 'head', 'head', 'base', 'head'] as const) {
    expect(await isAsked(run, side, 'baseline')).toBe(true)
  }
  expect(compareOutputs(run.evidence)?.text).toMatch(/1 of 3 greedy answers differs from .*" b" became " a a a/)
})
