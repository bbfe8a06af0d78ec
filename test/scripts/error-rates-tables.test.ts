import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import type { AaResult } from '../../bench/aa/tally.ts'
import type { CaseResult } from '../../bench/gate/tally.ts'
import { writeErrorRatesTables } from '../../scripts/error-rates-tables.ts'

const page = readFileSync(resolve(import.meta.dirname, '..', '..', 'docs', 'error-rates.md'), 'utf8')
const counted = { inconclusive: 2, pass: 37, invalid: 0, failBounds: [0.004, 0.13] as const, passesMean: 7.46 }
const job: AaResult = {
  engine: 'embedded',
  case: 'a/a',
  jobs: 40,
  neighbours: 0,
  fail: 1,
  ...counted,
  scenarioNamed: 0,
  phaseNamed: 0,
  partNamed: 0,
  secondsMean: 81.4,
}
const machine: CaseResult = {
  environment: 'mine',
  case: 'no-op',
  prs: 100,
  fail: 0.02,
  ...counted,
  inconclusive: 0.1,
  passesP90: 9,
  pairsMean: 4,
}

test('a table whose results are not given stays as it is', () => {
  expect(writeErrorRatesTables(page, {})).toBe(page)
  expect(writeErrorRatesTables(page, { aa: [job] })).not.toContain('| mine |')
})

test('the tables are filled, nothing else of the page changes, and writing again changes nothing', () => {
  const given = { aa: [job], stress: [machine], shards: [machine, { ...machine, case: 'p99-one-20', fail: 0.95 }] }
  const written = writeErrorRatesTables(page, given)
  expect(written).toContain('| embedded: a/a | 40 | 1 (0.4 % to 13.0 %) | 2 | 0 |  | 7.5 | 81 |')
  expect(written).toContain('| mine | 2.0 % (to 13.0 %) **missed** | 10.0 % | 7.5 |')
  expect(written).toContain('| mine | 2.0 % (to 13.0 %) | 10.0 % | 7.5 | 95.0 % |')
  const outside = (text: string) => text.replaceAll(/<!-- ([\w-]+):start -->[\s\S]*?<!-- \1:end -->/g, '')
  expect(outside(written)).toBe(outside(page))
  expect(writeErrorRatesTables(written, given)).toBe(written)
})

test('a page without the place of a table is refused', () => {
  expect(() => writeErrorRatesTables(page.replace('<!-- stress:start -->', ''), { stress: [machine] })).toThrow(
    'stress',
  )
})
