// Verifies the terminal commands on the committed bundle: what they print, write and exit with.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runEntry } from '../export/llm-perf.ts'
import { commitFiles } from '../runner/files.ts'
import { git } from '../runner/git.ts'
import { bundle, configuration, processesWith, teamFiles } from './stage.ts'

const cli = join(bundle, '..', 'cli', 'index.js')
const folder = mkdtempSync(join(tmpdir(), 'llm-perf-terminal-'))
const repository = join(folder, 'team')

beforeAll(() => {
  git(folder, 'init', '--quiet', '--initial-branch=main', repository)
  commitFiles(
    repository,
    teamFiles(
      configuration({
        gate: 'max-pairs: 8\n  margins: { latency: 100%, tokens-per-second: 90%, all-latency: 100%, all-tokens-per-second: 90% }',
      }),
    ),
    'start',
  )
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const llmPerf = (...args: string[]) => runEntry(cli, repository, args)

test('run records; judge of a recording with itself passes nothing that was not compared, and repeats its answer', async () => {
  const run = await llmPerf('run', '--trials', '2', '--out', join(folder, 'rec'))
  expect(run.code, run.stderr).toBe(0)
  expect(run.stdout).toMatch(/h\d {2}short {2}P50 latency [\d.]+ ms/)
  const lines = readFileSync(join(folder, 'rec', 'head', 'requests.jsonl'), 'utf8')
    .trim()
    .split('\n')
  const { trials } = JSON.parse(readFileSync(join(folder, 'rec', 'head', 'run.json'), 'utf8')) as {
    trials: { stage: string }[]
  }
  expect(trials.filter(({ stage }) => stage !== 'discarded')).toHaveLength(2)
  expect(lines).toHaveLength(5 * trials.length)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    trial: 'h1',
    scenario: 'short',
    promptTokens: 16,
    outputTokens: 24,
    outcome: 'ok',
  })

  const recording = join(folder, 'rec', 'head')
  const judged = await llmPerf('judge', '--base', recording, '--head', recording, '--json')
  // Two pairs cannot rule a slowdown out.
  expect(judged.code, judged.stderr).toBe(4)
  const report = JSON.parse(judged.stdout) as { conclusion: string; pairs: number; notes: string[] }
  expect(report).toMatchObject({ conclusion: 'inconclusive', pairs: 2 })
  expect(report.notes.join()).toContain('one after the other')
  expect((await llmPerf('judge', '--base', recording, '--head', recording, '--json')).stdout).toBe(judged.stdout)
}, 60_000)

test('judge refuses what it cannot read, by file and line, with exit code 2', async () => {
  const recording = join(folder, 'rec', 'head')
  const damaged = join(folder, 'damaged')
  cpSync(recording, damaged, { recursive: true })
  const path = join(damaged, 'requests.jsonl')
  writeFileSync(path, readFileSync(path, 'utf8').replace(/\n\{/, '\n{"trial":'))
  const judged = await llmPerf('judge', '--base', recording, '--head', damaged)
  expect(judged.code).toBe(2)
  expect(judged.stderr).toContain('requests.jsonl:2')
  const missing = await llmPerf('judge', '--base', recording, '--head', join(folder, 'nowhere'))
  expect(missing.code).toBe(2)
  expect(missing.stderr).toContain('run.json')
})

test('judge calls a recording in which every request failed invalid, exit code 3', async () => {
  const recording = join(folder, 'rec', 'head')
  const failed = join(folder, 'failed')
  cpSync(recording, failed, { recursive: true })
  const path = join(failed, 'requests.jsonl')
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"outcome":"ok"', '"outcome":"http-error"'))
  const judged = await llmPerf('judge', '--base', recording, '--head', failed)
  expect(judged.code, judged.stdout).toBe(3)
  expect(judged.stdout).toContain('INVALID')
})

test('calibrate writes a baseline that judge and compare read', async () => {
  const baseline = join(folder, 'baseline.json')
  const calibrated = await llmPerf('calibrate', '--baseline', baseline, '--trials', '2', '--out', join(folder, 'cal'))
  expect(calibrated.code, calibrated.stderr).toBe(0)
  expect(JSON.parse(readFileSync(baseline, 'utf8'))).toMatchObject({ schema: 'llm-perf-baseline/1' })
  const recording = join(folder, 'rec', 'head')
  const judged = await llmPerf('judge', '--base', recording, '--head', recording, '--baseline', baseline)
  expect([0, 4]).toContain(judged.code)

  const planned = await llmPerf('plan', '--baseline', baseline)
  expect(planned.code, planned.stderr).toBe(0)
  expect(planned.stdout).toMatch(/passes of the matrix|unknown/)
  expect(planned.stdout).toContain('caught 95 times in 100')

  // The same numbers from another machine are no baseline, and not "none" either.
  const { id } = (JSON.parse(readFileSync(join(recording, 'run.json'), 'utf8')) as { runnerClass: { id: string } })
    .runnerClass
  writeFileSync(baseline, readFileSync(baseline, 'utf8').replaceAll(id, 'another-machine'))
  for (const command of [
    ['judge', '--base', recording, '--head', recording],
    ['compare', '--base', 'main', '--out', join(folder, 'other')],
  ]) {
    const refused = await llmPerf(...command, '--baseline', baseline)
    expect(refused.code, refused.stderr).toBe(3)
    expect(refused.stderr).toContain(`was measured on another-machine; this runner is ${id}`)
  }
}, 60_000)

test('compare measures both sides from one command and leaves no work tree', async () => {
  git(repository, 'checkout', '--quiet', '-b', 'topic')
  commitFiles(repository, { 'README.md': '# Topic\n' }, 'topic')
  const compared = await llmPerf('compare', '--base', 'main', '--out', join(folder, 'cmp'), '--json')
  expect([0, 4], compared.stderr).toContain(compared.code)
  const report = JSON.parse(compared.stdout) as { pairs: number; cells: unknown[] }
  expect(report.pairs).toBeGreaterThanOrEqual(3)
  expect(existsSync(join(repository, '.git', 'worktrees'))).toBe(false)
  const again = await llmPerf(
    'judge',
    '--base',
    join(folder, 'cmp', 'base'),
    '--head',
    join(folder, 'cmp', 'head'),
    '--json',
  )
  expect(again.code).toBe(compared.code)
  expect((JSON.parse(again.stdout) as { cells: unknown[] }).cells).toEqual(report.cells)
}, 180_000)

test('SIGINT ends a run with 130 and leaves no server', async () => {
  const child = spawn(process.execPath, [cli, 'run', '--trials', '50', '--out', join(folder, 'int')], {
    cwd: repository,
    env: { ...process.env, LLM_PERF_TEST: 'interrupted-run' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await new Promise<void>((resolve) =>
    child.stderr.on('data', (piece: Buffer) => piece.toString().includes('Server ready') && resolve()),
  )
  child.kill('SIGINT')
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(code).toBe(130)
  expect(processesWith('LLM_PERF_TEST=interrupted-run')).toEqual([])
}, 60_000)

test.each([
  [[], 'No command was given'],
  [['judgde'], 'There is no command "judgde"'],
  [['judge', '--base', 'a', '--haed', 'b'], '--haed: unknown'],
  [['judge', '--base'], '--base: a value must follow'],
  [['judge', '--base', 'a'], 'needed is --recording DIR, or --base DIR and --head DIR'],
  [['run', '--trials', 'many'], 'got "many"'],
])('wrong usage %j exits with 2 and says what is allowed', async (args, text) => {
  const { code, stderr } = await llmPerf(...args)
  expect(code).toBe(2)
  expect(stderr).toContain(text)
})
