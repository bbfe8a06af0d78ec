import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { acceptLines } from '../../../src/plan/accepted/trailers.ts'

/** What git itself takes for trailers of this message, the key in lower case. */
function byGit(message: string): string[] {
  const args = ['-c', 'trailer.separators=:', 'interpret-trailers', '--parse', '--no-divider']
  const output = execFileSync('git', args, { input: `${message}\n`, encoding: 'utf8' })
  return output
    .split('\n')
    .filter((line) => /^llm-perf-accept:/i.test(line))
    .map((line) => line.slice(line.indexOf(':') + 1).trim())
}

const trailersOf = (message: string) =>
  acceptLines(message)
    .filter(({ kind }) => kind === 'trailer')
    .map(({ value }) => value)

describe('a message reads as git reads it', () => {
  test.each([
    ['a trailer below the body', 'Title\n\nBody of it.\n\nLLM-Perf-Accept: long latency: on purpose'],
    ['several trailers', 'Title\n\nLLM-Perf-Accept: a latency: x\nLLM-Perf-Accept: b all: y\nSigned-off-by: A <a@b>'],
    ['other cases of the key', 'Title\n\nllm-perf-accept: a all: x\nLLM-PERF-ACCEPT: b all: y'],
    ['white space around the colon', 'Title\n\nLLM-Perf-Accept :  a all: x  '],
    [
      'a reason over several lines',
      'Title\n\nLLM-Perf-Accept: a all: because it\n  takes longer\n\tnow\nReviewed-by: B',
    ],
    ['line ends of Windows', 'Title\r\n\r\nLLM-Perf-Accept: a all: x\r\n'],
    ['a title alone', 'LLM-Perf-Accept: a all: x'],
    ['a trailer in running text', 'Title\n\nTo be green, write\nLLM-Perf-Accept: a all: x\nbelow.'],
    [
      'text and a trailer beside what git writes itself',
      'Title\n\nFixes it.\nLLM-Perf-Accept: a all: x\nSigned-off-by: A <a@b>',
    ],
    ['a trailer beside a cherry-pick', 'Title\n\nLLM-Perf-Accept: a all: x\n(cherry picked from commit 0123456789)'],
    [
      'much text beside what git writes itself',
      `Title\n\n${'More text.\n'.repeat(8)}LLM-Perf-Accept: a all: x\nSigned-off-by: A <a@b>`,
    ],
    ['an indented quotation', 'Title\n\nText:\n\n    LLM-Perf-Accept: a all: x'],
    ['nothing', 'Title\n\nBody'],
    ['an empty message', ''],
  ])('%s', (_what, message) => {
    expect(trailersOf(message)).toEqual(byGit(message))
  })
})

test('the message of a squash merge keeps the trailers of the commits that it joins', () => {
  const squash = `Check the grammar (#12)

* Check the grammar of every answer

It takes a second pass.

LLM-Perf-Accept: long-prompt latency: grammar checking is on now
LLM-Perf-Accept: short-prompt tokens/s: the same

* Name it better

---------

Co-authored-by: Bo <bo@example.com>`
  expect(trailersOf(squash)).toEqual([
    'long-prompt latency: grammar checking is on now',
    'short-prompt tokens/s: the same',
  ])
})

test('the right key where nothing is a trailer is found, and does not count', () => {
  const found = acceptLines('LLM-Perf-Accept: all all: x\n\nTo be green, write\nLLM-Perf-Accept: a all: x\nbelow.')
  expect(found.map(({ kind, value }) => `${kind} ${value}`)).toEqual(['text all all: x', 'text a all: x'])
})

test.each([
  'LLM-Perf-Acept',
  'LLM-Perf-Accepts',
  'llm-perf-accepted',
  'LLMPerf-Accept',
  'LLM_Perf_Accept',
  'LLM Perf Accept',
  'LLM-Perf-Ack',
])('the misspelt key %s is noticed, wherever it stands', (key) => {
  for (const message of [`Title\n\n${key}: all all: x`, `Title\n\nSome text.\n${key}: all all: x`]) {
    expect(acceptLines(message)).toEqual([{ key, value: 'all all: x', kind: 'misspelt' }])
  }
})

test.each(['llm-perf: baseline of 0123 [skip ci]', 'llm-perf-action: version 2', 'Accept: all', 'Reviewed-by: Accept'])(
  'a line that means something else is left alone: %s',
  (line) => {
    expect(acceptLines(`${line}\n\n${line}`)).toEqual([])
  },
)
