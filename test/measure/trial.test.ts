// Trials against real server processes: small HTTP servers in JavaScript that speak the completions API.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { runTrial, type TrialOrder, type TrialSurroundings } from '../../src/measure/trial.ts'
import type { OwnedProcess } from '../../src/server/index.ts'
import { tinyLoad, tinyScenario, tinyServer, tinyServerConfig } from './tiny-server.ts'

let folder: string
let spawned: OwnedProcess[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-perf-trial-'))
  spawned = []
})
afterEach(async () => {
  await rm(folder, { recursive: true })
  for (const { pid } of spawned) expect(() => process.kill(pid, 0), `server ${pid} is gone`).toThrow()
})

const order: TrialOrder = { id: 'h1', side: 'head', stage: 'screen', pair: null, order: 0, scenarios: [tinyScenario] }

async function trialOf(script: string, around: Partial<TrialSurroundings> = {}) {
  await writeFile(join(folder, 'server.mjs'), tinyServer(script))
  const side = { side: 'head' as const, commit: null, root: folder, server: tinyServerConfig }
  return await runTrial(order, side, {
    load: tinyLoad,
    marker: 'llm-perf-test-trial',
    logFile: () => join(folder, 'server.log'),
    signal: new AbortController().signal,
    onSpawn: (owned) => spawned.push(owned),
    log: silentLog,
    targets: new Map(),
    ...around,
  })
}

test('a trial has every request of the plan, its window and what it cost', async () => {
  const { record, requests } = await trialOf('')
  expect(record.findings).toEqual([])
  expect(requests.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
  expect(
    requests.every(
      ({ outcome, promptTokens, outputTokens }) => outcome === 'ok' && promptTokens === 12 && outputTokens === 4,
    ),
  ).toBe(true)
  expect(record.windows).toMatchObject([
    { scenario: 's', warmupRequests: expect.any(Number), warmupFailures: [], countSource: 'usage' },
  ])
  expect(record.startupMs).toBeGreaterThan(0)
  expect(record.durationMs).toBeGreaterThan(record.startupMs + record.stopMs)
})

test('a server that dies while it is measured: a finding with signal and log, and what was measured is kept', async () => {
  const { record, requests } = await trialOf(
    'if (completions > 15) { console.log("out of memory"); process.kill(process.pid, "SIGKILL") }',
  )
  expect(record.findings).toMatchObject([{ code: 'server-died', scenario: null }])
  expect(record.findings[0]?.message).toContain('SIGKILL')
  expect(record.findings[0]?.message).toContain('out of memory')
  expect(requests.length).toBeGreaterThan(0)
})

test('a server that exits by itself: its exit code', async () => {
  const { record } = await trialOf('if (completions > 15) process.exit(7)')
  expect(record.findings[0]?.message).toContain('exited with code 7')
})

test('a cancel stops the server and throws its reason', async () => {
  const controller = new AbortController()
  const log = { ...silentLog, progress: () => controller.abort(new Error('enough')) }
  const running = trialOf('', { signal: controller.signal, log })
  await expect(running).rejects.toThrow('enough')
})

test('what was found out about a side’s server is used again on its next start', async () => {
  const targets: TrialSurroundings['targets'] = new Map()
  await trialOf('', { targets })
  const first = targets.get('head')
  await trialOf('', { targets })
  expect(targets.get('head')).toMatchObject({ model: first?.model, promptSource: first?.promptSource })
  expect(targets.get('head')?.origin).not.toBe(first?.origin)
})

test('a trial keeps what the server answers when it has no choice, asked before anything is measured', async () => {
  const { record, requests } = await trialOf('')
  const answers = record.outputs?.answers ?? []
  expect(answers.length).toBeGreaterThan(1)
  // The fake always says " a", as often as it was asked for: eight times. Digest by sha256sum.
  for (const answer of answers) {
    expect(answer).toMatchObject({ digest: 'c403c0116098563e', finishReason: 'length', tokens: 8 })
  }
  expect(requests).toHaveLength(6)
  expect(record.windows).toHaveLength(1)
})

test('a server that fails to answer them is measured all the same', async () => {
  const { record, requests } = await trialOf('if (prompt.startsWith("Count")) return response.writeHead(500).end("{}")')
  expect(record.outputs?.answers.every((answer) => answer === null)).toBe(true)
  expect(record.findings).toEqual([])
  expect(requests.map(({ outcome }) => outcome)).toEqual(Array(6).fill('ok'))
})

test('a server that dies of them: a finding, before the first scenario', async () => {
  const { record } = await trialOf('if (prompt.startsWith("Count")) process.exit(9)')
  expect(record.findings).toMatchObject([{ code: 'server-died', scenario: null }])
  expect(record.findings[0]?.message).toMatch(/exited with code 9 before the first scenario/)
})

test('compare-outputs: false asks nothing and keeps nothing', async () => {
  const { record } = await trialOf('if (prompt.startsWith("Count")) process.exit(9)', {
    load: { ...tinyLoad, compareOutputs: false },
  })
  expect(record.findings).toEqual([])
  expect(record).not.toHaveProperty('outputs')
})
