import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { windowOfRunner } from '../../src/baseline/index.ts'
import { parseCommandLine } from '../../src/cli/command-line.ts'
import { judge } from '../../src/cli/judge.ts'
import { exitCodes } from '../../src/exit-codes.ts'
import type { BaselineWindow } from '../../src/model/baseline.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import type { RequestRecord } from '../../src/model/request.ts'
import type { Shard } from '../../src/model/shard.ts'
import type { Conclusion, JudgeReport } from '../../src/model/verdict.ts'
import { judgedWindowFileName, recordWindow } from '../../src/recording/judged-window.ts'
import { readRecording } from '../../src/recording/read.ts'
import { createRecording } from '../../src/recording/write.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { file as baselineFile, runnerClass } from '../baseline/sample.ts'
import { fiveRequests, header, request, trial } from './sample.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-perf-shards-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
})

const second: Shard = { index: 2, count: 4 }
const headerOf = (shard: Shard | null) => ({
  ...header,
  plan: { ...header.plan, gate: shard === null ? defaultPolicy : { ...defaultPolicy, shard } },
})

describe('a recording says whose shard it is', () => {
  test('and is read back so; one that says nothing is of the whole matrix', async () => {
    for (const shard of [second, null]) {
      const { append } = await createRecording(folder, headerOf(shard))
      await append(trial('h1', 0), fiveRequests('h1'))
      expect((await readRecording(folder)).run.plan.gate).toEqual(headerOf(shard).plan.gate)
    }
  })

  test.each([
    ['past the last', { index: 5, count: 4 }],
    ['before the first', { index: 0, count: 4 }],
    ['of more than there can be', { index: 1, count: 65 }],
    ['no whole number', { index: 1.5, count: 4 }],
    ['with a key too many', { ...second, of: 'x' }],
    ['as text', '2/4'],
    ['of nothing', null],
  ])('a shard %s is refused', async (_, shard) => {
    await createRecording(folder, headerOf(second))
    const path = join(folder, 'run.json')
    const run = JSON.parse(await readFile(path, 'utf8')) as { plan: { gate: { shard: unknown } } }
    run.plan.gate.shard = shard
    await writeFile(path, JSON.stringify(run))
    await expect(readRecording(folder)).rejects.toThrow('plan.gate.shard')
  })
})

test('the window of a shard lies in its recording under its own key, and is found by no other shard', async () => {
  const [whole] = Object.values(baselineFile().windows)
  const window: BaselineWindow = { ...(whole as BaselineWindow), shard: second }
  await recordWindow(folder, window, '0.1.0')
  const text = await readFile(join(folder, judgedWindowFileName), 'utf8')
  const read = (shard?: Shard) => windowOfRunner(text, 'baseline.json', { runnerClass, ...(shard && { shard }) }, '')
  expect(read(second)).toEqual(window)
  expect(read({ index: 1, count: 4 })).toBeNull()
  expect(read()).toBeNull()
})

/** Pairs in which head takes half as long again; both sides have about one per cent of noise. */
async function recordPairs(count: number, shard: Shard | null): Promise<void> {
  const random = seededRandom(3)
  for (const side of ['base', 'head'] as const) {
    const { append } = await createRecording(join(folder, side), { ...headerOf(shard), side })
    for (let pair = 0; pair < count; pair++) {
      const id = `${side[0]}${pair + 1}`
      const order = 2 * pair + (side === 'base' ? 0 : 1)
      const record = trial(id, order, { side, stage: 'pairs', pair })
      const tookMs = 80 * (side === 'base' ? 1 : 1.5) * (1 + 0.02 * (random() - 0.5))
      const windows = record.windows.map((window) => ({ ...window, endMs: 1600, steadyEndMs: 1600 }))
      await append({ ...record, windows }, requestsOf(id, tookMs))
    }
  }
}

function requestsOf(id: string, tookMs: number): RequestRecord[] {
  return [0, 1, 2, 3, 4].map((index) => {
    const endMs = 1000 + 100 * index + tookMs
    return request(id, index, { lastTokenMs: endMs, endMs })
  })
}

async function judged(...flags: string[]): Promise<{ code: number; report: JudgeReport }> {
  let printed = ''
  const code = await judge.execute({
    line: parseCommandLine(judge, ['--recording', folder, '--json', ...flags]),
    log: { info: () => {}, warning: () => {}, group: async (_, body) => await body(), progress: () => {} },
    signal: AbortSignal.timeout(60_000),
    print: (text) => {
      printed += text
    },
  })
  return { code, report: JSON.parse(printed) as JudgeReport }
}

describe('the judge command comes to the verdict of the shard', () => {
  const half: Shard = { index: 1, count: 2 }

  test.each<[string, Shard | null, number, Conclusion]>([
    ['8 pairs that all agree convict the whole matrix', null, 8, 'regressed'],
    ['8 pairs that all agree do not convict one of two shards', half, 8, 'inconclusive'],
    ['11 pairs do', half, 11, 'regressed'],
    ['11 pairs do not convict one of four', second, 11, 'inconclusive'],
  ])('%s', async (_, shard, count, conclusion) => {
    await recordPairs(count, shard)
    const { code, report } = await judged()
    expect(report.findings).toEqual([])
    expect(report.pairs).toBe(count)
    expect(report.conclusion).toBe(conclusion)
    expect(code).toBe(exitCodes[conclusion])
  })

  test('also under the policy of another file, which says nothing of shards', async () => {
    const config = join(folder, 'llm-perf.yml')
    await writeFile(config, 'version: 1\ngate: { max-pairs: 14 }\n')
    await recordPairs(8, half)
    expect((await judged('--config', config)).report.conclusion).toBe('inconclusive')
  })
})
