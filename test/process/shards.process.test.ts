// Verifies on the committed bundle that two shards and a merge come to one verdict, and that no shard gets lost unseen.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { JudgeReport } from '../../src/model/verdict.ts'
import { runEntry } from '../export/llm-perf.ts'
import type { StepResult } from '../runner/run-action.ts'
import type { Job } from '../runner/world.ts'
import { bundle, configuration, Stage, teamFiles } from './stage.ts'

const scenarios = [
  '{ name: short, prompt-tokens: 16, output-tokens: 16, concurrency: 1, requests: 5 }',
  '{ name: long, prompt-tokens: 300, output-tokens: 16, concurrency: 1, requests: 5 }',
]
const margins = 'margins: { latency: 100%, tokens-per-second: 90%, all-latency: 100%, all-tokens-per-second: 90% }'
const files = teamFiles(configuration({ scenarios, gate: `${margins}\n  max-pairs: 8` }))
/** Requests with a long body keep the server busy for several times the time that they take. */
const busyWithLongOnes = `import { Server } from 'node:http'
const { emit } = Server.prototype
Server.prototype.emit = function (name, request, ...rest) {
  const end = Date.now() + (name === 'request' && Number(request.headers['content-length']) > 1000 ? 200 : 0)
  while (Date.now() < end);
  return emit.call(this, name, request, ...rest)
}
`
/** However busy this machine is. */
const patience = { 'budget-minutes': '30' }

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open()
  await stage.world.pushToMain(files, 'start')
})
afterAll(async () => {
  await stage.close()
})

/** Where a job downloads the artifacts to; empty before each test. */
const downloads = () => join(stage.folder, 'downloads')
beforeEach(() => rmSync(downloads(), { recursive: true, force: true }))

async function runShard(pull: Job, shard: string): Promise<StepResult> {
  return (await stage.run(pull, { ...patience, shard })).main
}

/** What actions/upload-artifact and actions/download-artifact do together. */
function download(from: StepResult, artifact: string): string {
  const folder = join(downloads(), artifact)
  cpSync(from.outputs['recording-path'] ?? '', folder, { recursive: true })
  return folder
}

async function merge(pull: Job): Promise<{ main: StepResult; comment: string }> {
  const { main } = await stage.run(pull, { ...patience, mode: 'merge', recordings: downloads() })
  return { main, comment: (await stage.comment(pull.pull)) ?? '' }
}

const reportOf = ({ outputs }: StepResult) =>
  JSON.parse(readFileSync(outputs['report-path'] ?? '', 'utf8')) as JudgeReport

describe('a pull request without a change', () => {
  let pull: Job
  let first: StepResult
  let second: StepResult

  beforeAll(async () => {
    pull = await stage.world.openPull('say-hello', { 'README.md': '# Hello\n' }, 'Say hello')
    first = await runShard(pull, '1/2')
    second = await runShard(pull, '2/2')
  }, 600_000)

  test('each shard measures its own part, in a folder of its own, and comments nothing', async () => {
    for (const [shard, own, other] of [
      [first, 'short', 'long'],
      [second, 'long', 'short'],
    ] as const) {
      expect(shard.exitCode, shard.stdout).toBe(0)
      expect(shard.outputs).toMatchObject({ verdict: 'pass', 'comment-url': '' })
      const measured = reportOf(shard).cells.map(({ scenario }) => scenario)
      expect(measured).toContain(own)
      expect(measured).not.toContain(other)
    }
    expect(first.outputs['recording-path']).not.toBe(second.outputs['recording-path'])
  })

  test('merged: pass, one comment and one check on the whole matrix; the terminal judges each shard the same', async () => {
    expect(await stage.comment(pull.pull)).toBeNull()
    expect(await stage.checks(pull)).toEqual([])
    const folders = [download(first, 'perf-1'), download(second, 'perf-2')]
    const { main, comment } = await merge(pull)
    expect(main.exitCode, main.stdout).toBe(0)
    expect(main.outputs).toMatchObject({ verdict: 'pass', 'recording-path': downloads() })
    expect(comment).toMatch(/^<!-- llm-perf-action:default -->\n### ✅ No slowdown in 2 scenarios/)
    expect(comment).toMatch(/2 of 2 shards judged, .*1\/2 \(perf-1\), 2\/2 \(perf-2\)/)
    expect(await stage.checks(pull)).toMatchObject([{ name: 'llm-perf: default', conclusion: 'success' }])

    const merged = reportOf(main)
    const shards = [reportOf(first), reportOf(second)]
    expect(merged.trials).toBe(shards.reduce((sum, { trials }) => sum + trials, 0))
    for (const [index, folder] of folders.entries()) {
      const cli = join(bundle, '..', 'cli', 'index.js')
      const judged = await runEntry(cli, folder, ['judge', '--recording', folder, '--json'])
      const { cells } = JSON.parse(judged.stdout) as JudgeReport
      expect(cells, judged.stderr).toEqual(shards[index]?.cells)
      for (const cell of cells) expect(merged.cells).toContainEqual(cell)
    }
  }, 120_000)

  test('a shard that is missing at the merge is INVALID, by its name', async () => {
    download(first, 'perf-1')
    const { main, comment } = await merge(pull)
    expect(main.exitCode).toBe(1)
    expect(main.outputs.verdict).toBe('invalid')
    expect(comment).toMatch(/^### ⚠️ INVALID: .*There is no recording of shard 2\/2 \("long"\)/m)
    expect(comment).toMatch(/^\| `long` .*missing/m)
    expect(main.summary).toContain('shard 2/2')
  }, 120_000)

  test('a shard whose job left nothing but a broken recording is INVALID', async () => {
    download(first, 'perf-1')
    rmSync(join(download(second, 'perf-2'), 'head', 'requests.jsonl'))
    const { main, comment } = await merge(pull)
    expect(main.outputs.verdict).toBe('invalid')
    expect(comment).toMatch(/recording in perf-2 cannot be read/)
  }, 120_000)

  test('no recording at all is INVALID, with every scenario missing', async () => {
    const { main, comment } = await merge(pull)
    expect(main.exitCode).toBe(1)
    expect(main.outputs.verdict).toBe('invalid')
    expect(comment).toMatch(/INVALID: nothing was judged: There is no recording of any shard/)
    expect(comment).toMatch(/^\| `short` .*missing/m)
  }, 120_000)

  test('the same shard twice is INVALID, and both folders are named', async () => {
    download(first, 'perf-1')
    download(second, 'perf-2')
    download(second, 'perf-2-again')
    const { main, comment } = await merge(pull)
    expect(main.outputs.verdict).toBe('invalid')
    expect(comment).toContain('2 recordings of shard 2/2 (perf-2, perf-2-again)')
  }, 120_000)

  test('a shard that was judged by another policy is INVALID, with what differs', async () => {
    download(first, 'perf-1')
    const folder = download(second, 'perf-2')
    for (const side of ['head', 'base']) {
      const path = join(folder, side, 'run.json')
      expect(existsSync(path)).toBe(true)
      writeFileSync(path, readFileSync(path, 'utf8').replace('"latencyTail": 1,', '"latencyTail": 9,'))
    }
    const { main, comment } = await merge(pull)
    expect(main.exitCode).toBe(1)
    expect(main.outputs.verdict).toBe('invalid')
    expect(comment).toContain('was judged by another policy: latencyTail 9 instead of 1')
  }, 120_000)

  test('recordings of another pull request are INVALID', async () => {
    download(first, 'perf-1')
    download(second, 'perf-2')
    const other = await stage.world.openPull('say-more', { 'README.md': '# Hello, world\n' }, 'Say more')
    const { main, comment } = await merge(other)
    expect(main.outputs.verdict).toBe('invalid')
    expect(comment).toMatch(/Shard 1\/2 \(perf-1\) measured [0-9a-f]{12} as its head/)
  }, 120_000)
})

test('a slowdown in one shard: that job is red, the merge is red and names the scenario, also without the other shard', async () => {
  const slower = { 'server.mjs': `${busyWithLongOnes}${files['server.mjs'] ?? ''}` }
  const pull = await stage.world.openPull('slower', slower, 'Check long prompts')
  const first = await runShard(pull, '1/2')
  expect(first.outputs.verdict, first.stdout).toBe('pass')
  const second = await runShard(pull, '2/2')
  expect(second.exitCode, second.stdout).toBe(1)
  expect(second.outputs.verdict).toBe('regressed')

  download(second, 'perf-2')
  const alone = await merge(pull)
  expect(alone.main.outputs.verdict).toBe('regressed')
  expect(alone.comment).toMatch(/^\| `short` .*missing/m)

  download(first, 'perf-1')
  const { main, comment } = await merge(pull)
  expect(main.exitCode, main.stdout).toBe(1)
  expect(main.outputs.verdict).toBe('regressed')
  expect(comment).toMatch(/^### ❌ Slower: P\d+ latency of `long`/m)
  expect(comment).toMatch(/^\| `short` .*unchanged/m)
}, 600_000)

test('on a push each shard commits its own window, and a merge is refused', async () => {
  const push = await stage.world.pushToMain({ 'README.md': '# Pushed\n' }, 'push')
  for (const shard of ['1/2', '2/2']) {
    const { exitCode, stdout } = await runShard(push, shard)
    expect(exitCode, stdout).toBe(0)
  }
  const { main } = await stage.run(push, { mode: 'merge', recordings: downloads() })
  expect(main.exitCode).toBe(1)
  expect(main.stdout).toMatch(/::error::.*mode.*got "merge".*push/)

  const text = (await stage.world.fileOnMain('.github/llm-perf-baseline.json')) ?? ''
  const { windows } = JSON.parse(text) as { windows: Record<string, { scenarios: { name: string }[]; jobs: object[] }> }
  const entries = Object.entries(windows)
  const held = entries.map(([key, { scenarios, jobs }]) => [key.split(' ').slice(1).join(' '), scenarios, jobs])
  expect(held).toMatchObject([
    ['shard 1/2', [{ name: 'short' }], [{ kind: 'calibration' }]],
    ['shard 2/2', [{ name: 'long' }], [{ kind: 'calibration' }]],
  ])
}, 300_000)
