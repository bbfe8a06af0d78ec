import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { quoteLog, readTail } from '../../src/server/log-tail.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-perf-tail-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('no line of a quoted log is a workflow command, whichever way lines end', () => {
  const quoted = quoteLog(
    'one\n::set-output name=x::1\r::add-mask::a\r\n  ::error::no\n##[add-path]/evil\nx ##[set-env name=A]b',
  )
  // The runner's two readings: `::` after leading blanks, and `##[` anywhere.
  const lines = quoted.split(/\r\n|\r|\n/)
  expect(lines).toHaveLength(6)
  expect(lines.filter((line) => line.trimStart().startsWith('::') || line.includes('##['))).toEqual([])
  expect(lines[1]).toBe('| ::set-output name=x::1')
})

test('colours and cursor movements are taken out, and a command cannot hide in them', () => {
  expect(quoteLog('\u001b[31mred\u001b[0m \u001b[2K#\u001b[0m#[group]')).toBe('| red # #[group]')
})

test('an endless line is cut', () => {
  expect(quoteLog('x'.repeat(10_000)).length).toBeLessThan(600)
})

test('the tail is the last lines of a long file', async () => {
  const file = join(folder, 'long.log')
  await writeFile(file, Array.from({ length: 100_000 }, (_, line) => `line ${line}`).join('\n'))
  expect(readTail(file, 3)).toBe('| line 99997\n| line 99998\n| line 99999')
  expect(readTail(file).split('\n')).toHaveLength(50)
})

test('an empty file and a missing one are said in words', async () => {
  const file = join(folder, 'small.log')
  expect(readTail(file)).toBe('| (no output)')
  await writeFile(file, '\n')
  expect(readTail(file)).toBe('| (no output)')
})
