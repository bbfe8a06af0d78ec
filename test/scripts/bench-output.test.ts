import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readResultLines } from '../../scripts/bench-output.ts'

const folder = mkdtempSync(join(tmpdir(), 'llm-perf-bench-output-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(text: string): unknown[] {
  const file = join(folder, 'printed.jsonl')
  writeFileSync(file, text)
  return readResultLines(file)
}

describe('what a bench printed, a line each', () => {
  test('is read in its order, whatever npm wrote around it', () => {
    expect(read('\n> llm-perf-action@0.1.0 bench:gate\n> node bench/gate/main.ts\n\n{"a":1}\n{"a":2}\n')).toEqual([
      { a: 1 },
      { a: 2 },
    ])
  })

  test.each(['', '\n\n', '> npm wrote this, and then the bench died\n'])(
    '%j is refused: no table of nothing',
    (text) => {
      expect(() => read(text)).toThrow(/printed\.jsonl holds no result/)
    },
  )

  test('a line that was cut off is refused', () => {
    expect(() => read('{"a":1}\n{"a":')).toThrow(SyntaxError)
  })
})
