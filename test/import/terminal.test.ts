// Verifies `llm-perf import` as a person uses it: a table, JSON, and recordings that `judge` reads.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importResults } from '../../src/cli/import.ts'
import { judge } from '../../src/cli/judge.ts'
import { llmPerf, runCommand } from '../export/llm-perf.ts'
import { fixture } from './files.ts'
import { vllmDetailed } from './vllm-result.ts'
import { type RunShape, vllmRun } from './vllm-runs.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-perf-import-cli-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function write(name: string, content: unknown): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const trials = 12

/** As many result files as a verdict needs, imported as one side. */
async function importSide(name: string, firstSeed: number, shape: Partial<RunShape> = {}): Promise<string> {
  const files = await Promise.all(
    Array.from({ length: trials }, (_, index) =>
      write(`${name}-${index}.json`, vllmRun({ ...shape, seed: firstSeed + index })),
    ),
  )
  const out = join(folder, name)
  const imported = await runCommand(importResults, ...files, '--out', out, '--runner', 'gpu-1')
  expect(imported.code, imported.stderr).toBe(0)
  return out
}

describe('llm-perf import', () => {
  test('shows each metric with its origin, and failures first', async () => {
    const shown = await write('detailed.json', vllmDetailed).then(() => llmPerf(folder, 'import', 'detailed.json'))
    expect(shown.code, shown.stderr).toBe(0)
    expect(shown.stdout).toContain(
      'detailed.json: vllm, concurrency 2, 3 requests succeeded, 1 failed; with single requests',
    )
    expect(shown.stdout).toContain('warning: 1 of 4 requests failed')
    expect(shown.stdout).toMatch(
      /latency +mean 600 .*ms {2}\(mean_e2el_ms: ends with the last event that has choices; /,
    )
  })

  test('--json has every number with its origin, and no single requests', async () => {
    const file = await write('stage.json', fixture('inference-perf-stage.json'))
    const shown = await runCommand(importResults, file, '--json')
    const [run] = JSON.parse(shown.stdout) as { metrics: { origin: { field: string } }[]; missing: string }[]
    expect(run?.metrics.map(({ origin }) => origin.field)).toContain('successes.latency.request_latency.p99')
    expect(run?.missing).toContain('summary')
    expect(shown.stdout).not.toContain('sentMs')
  })

  test('refuses by file, with the exit code of its reason', async () => {
    const nothing = {
      ...vllmDetailed,
      completed: 0,
      failed: 4,
      request_throughput: 0,
      output_throughput: 0,
      total_output_tokens: 0,
    }
    const cut = await write('cut.json', JSON.stringify(vllmDetailed).slice(0, 400))
    const good = await write('good.json', vllmDetailed)
    const rec = join(folder, 'rec')
    const cases: [string[], number, string][] = [
      [[], 2, 'FILE: missing'],
      [[join(folder, 'nowhere.json')], 2, 'nowhere.json: cannot be read'],
      [[folder], 2, 'cannot be read'],
      [[good, cut], 2, 'cut.json: not JSON'],
      [[await write('nothing.json', nothing)], 3, 'nothing.json: no request succeeded (4 failed)'],
      [[good, '--out', rec], 2, '--runner is missing'],
      [[good, '--runner', 'gpu-1'], 2, '--runner only matters for a recording'],
      [[good, '--out', rec, '--runner', 'gpu 1'], 2, '--runner: got "gpu 1"'],
      [[good, '--out', rec, '--runner', 'gpu-1', '--concurrency', '0'], 2, '--concurrency: got "0"'],
    ]
    for (const [args, code, says] of cases) {
      const refused = await runCommand(importResults, ...args)
      expect(refused.stderr).toContain(says)
      expect(refused.code, says).toBe(code)
      expect(refused.stdout).toBe('')
    }
    await expect(readFile(join(folder, 'rec', 'run.json'), 'utf8')).rejects.toThrow('ENOENT')
  })
})

describe('judge on imported sides', () => {
  test('finds a slowdown, and nothing where there is none; it says who measured, and that there are no pairs in time', async () => {
    const base = await importSide('base', 100)
    const slower = await importSide('slower', 300, { slowness: 1.5 })
    const same = await importSide('same', 500)
    const regressed = await runCommand(judge, '--base', base, '--head', slower, '--json')
    expect(regressed.code, regressed.stderr).toBe(1)
    const report = JSON.parse(regressed.stdout) as {
      conclusion: string
      pairs: number
      notes: string[]
      findings: unknown[]
    }
    expect(report).toMatchObject({ conclusion: 'regressed', findings: [] })
    expect(report.notes.join('\n')).toContain('Measured by vllm (version not stated), not by llm-perf')
    expect(report.notes.join('\n')).toContain('one after the other, not in pairs')
    const passed = await runCommand(judge, '--base', base, '--head', same)
    expect(passed.code, passed.stdout).toBe(0)
  }, 120_000)

  test('refuses sides that another tool, or another machine, measured', async () => {
    await write('p.json', fixture('inference-perf-requests.json'))
    const flags = ['--scenario', 'p32-o16-c2', '--concurrency', '2', '--runner', 'gpu-1']
    expect(
      (await runCommand(importResults, join(folder, 'p.json'), '--out', join(folder, 'other-tool'), ...flags)).code,
    ).toBe(0)
    const files = [await write('m.json', vllmRun())]
    expect((await runCommand(importResults, ...files, '--out', join(folder, 'here'), '--runner', 'gpu-1')).code).toBe(0)
    expect((await runCommand(importResults, ...files, '--out', join(folder, 'there'), '--runner', 'gpu-2')).code).toBe(
      0,
    )
    for (const other of ['other-tool', 'there']) {
      const judged = await runCommand(judge, '--base', join(folder, 'here'), '--head', join(folder, other))
      expect(judged.code, judged.stdout).toBe(3)
      expect(judged.stderr).toContain('the runner classes differ: base gpu-1-by-vllm, head')
    }
  }, 120_000)
})
