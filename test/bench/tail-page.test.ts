import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CaseResult } from '../../bench/gate/tally.ts'
import { tailDesigns } from '../../bench/tail/compare.ts'
import { tailEstimators } from '../../bench/tail/estimators/index.ts'
import { queues } from '../../bench/tail/queues/index.ts'
import type { TailBench } from '../../bench/tail/result.ts'
import { writeTailTables } from '../../scripts/tail-table.ts'

const root = resolve(import.meta.dirname, '..', '..')
const main = join(root, 'bench', 'tail', 'main.ts')
const page = readFileSync(join(root, 'docs', 'tail-estimator.md'), 'utf8')

const machine: CaseResult = {
  environment: 'noisy as it is',
  case: 'no-op',
  prs: 100,
  fail: 0.01,
  inconclusive: 0,
  pass: 0.99,
  invalid: 0,
  failBounds: [0, 0.05],
  passesMean: 7.46,
  passesP90: 9.3,
  pairsMean: 4,
}

describe('the bench and its page', () => {
  const printed = execFileSync(process.execPath, [main, '--quick', '--json', '--seed', '3'], { encoding: 'utf8' })
  const tail = JSON.parse(printed) as TailBench

  test('every estimator on every server with every percentile, and none of the figures is missing', () => {
    expect(tail.results).toHaveLength(tailEstimators.length * queues.length * tailDesigns.length)
    for (const { power, ...result } of tail.results) {
      const figures = Object.values(result).filter((value) => typeof value === 'number')
      expect(figures).toHaveLength(8)
      expect(figures.every(Number.isFinite), JSON.stringify(result)).toBe(true)
      expect(power.every((one) => one.power >= 0 && one.power <= 1)).toBe(true)
    }
    expect(tail.costs.every(({ microseconds }) => microseconds > 0)).toBe(true)
  })

  test('the tables are filled, nothing else of the page changes, and writing again changes nothing', () => {
    const written = writeTailTables(page, { tail, gate: [machine] })
    for (const { name } of tailEstimators) expect(written.split(`| ${name} |`).length - 1).toBeGreaterThanOrEqual(2)
    expect(written).toContain('| noisy as it is | 1.0 % | 7.5 (9.3) | not run |')
    expect(written).not.toMatch(/NaN|undefined/)
    const outside = (text: string) => text.replaceAll(/<!-- (\w+):start -->[\s\S]*?<!-- \1:end -->/g, '')
    expect(outside(written)).toBe(outside(page))
    expect(writeTailTables(written, { tail, gate: [machine] })).toBe(written)
    expect(writeTailTables(page, {})).toBe(page)
  })
})

test.for([
  [['--seed', 'x'], '--seed: got "x"'],
  [['--base', 'a'], '--base was given 1 times and --head 0 times'],
  [['--recorded'], '--recorded was given without a recording'],
] as const)('%j is refused', ([args, problem]) => {
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
  expect(status).not.toBe(0)
  expect(stderr).toContain(problem)
})
