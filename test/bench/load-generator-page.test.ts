import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ClientBench } from '../../bench/client/result.ts'
import type { FailureMatrix } from '../../bench/failures/result.ts'
import { parseResult } from '../../scripts/bench-output.ts'
import { writeTables } from '../../scripts/load-generator-tables.ts'

const page = readFileSync(resolve(import.meta.dirname, '..', '..', 'docs', 'load-generator.md'), 'utf8')

const client: ClientBench = {
  schema: 'llm-perf-bench-client/1',
  toolVersion: '1.2.3',
  cells: [],
  goals: [
    { what: 'TTFT error', unit: 'ms', goal: 0.5, isLeast: false, figure: 0.4242, floor: null, isMet: true },
    { what: 'of the ideal', unit: '%', goal: 99.5, isLeast: true, figure: 99.463, floor: 99.8812, isMet: false },
  ],
  compared: [],
}
const failures: FailureMatrix = {
  schema: 'llm-perf-bench-failures/1',
  requests: 40,
  tools: { 'llm-perf': 'llm-perf 1.2.3' },
  rows: [
    {
      fault: 'cut',
      title: 'cut | half-way',
      sound: { least: 20, most: 20 },
      tools: { 'llm-perf': { counted: {}, ending: { exitCode: 3, said: '' } } },
    },
  ],
}

describe('the tables of docs/load-generator.md', () => {
  test('come from what the benches printed, and nothing else of the page changes', () => {
    const written = writeTables(page, { client, failures })
    expect(written).toContain('| TTFT error | at most 0.5 ms | 0.424 ms |  | met |')
    // As many digits as it takes to see on which side of the goal it is.
    expect(written).toContain('| of the ideal | at least 99.5 % | 99.46 % | 99.88 % | MISSED |')
    expect(written).toContain('| cut \\| half-way |')
    const outside = (text: string) => text.replaceAll(/<!-- (\w+):start -->[\s\S]*?<!-- \1:end -->/g, '')
    expect(outside(written)).toBe(outside(page))
  })

  test('writing them again changes nothing', () => {
    const once = writeTables(page, { client, failures })
    expect(writeTables(once, { client, failures })).toBe(once)
  })

  test('a table without a result stays as it is', () => {
    expect(writeTables(page, {})).toBe(page)
    expect(writeTables(page, { client })).not.toContain('cut \\| half-way')
  })

  test('the output of another bench is refused', () => {
    expect(() => parseResult<ClientBench>(JSON.stringify(failures), 'llm-perf-bench-client/1')).toThrow('schema')
  })
})

test('every command of the page that names a file names one that exists', () => {
  const files = [...page.matchAll(/\bnode ((?:bench|scripts)\/[\w/-]+\.ts)/g)].map(([, file]) => file ?? '')
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    expect(() => readFileSync(join(import.meta.dirname, '..', '..', file)), file).not.toThrow()
  }
})
