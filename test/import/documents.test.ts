import { describe, expect, test } from 'vitest'
import { readResults } from '../../src/import/index.ts'
import { read, refusal } from './files.ts'
import { vllmSummary } from './vllm-result.ts'

const whole = JSON.stringify(vllmSummary)

describe('a file that cannot be what a tool wrote', () => {
  test.each([
    ['empty', '', 'the file is empty'],
    ['of blanks', ' \n\n', 'the file is empty'],
    ['no JSON at all', 'mean ttft 12', 'not JSON'],
    ['of something else', '{"answer":42}', 'no result file that is known'],
    ['a number', '17', 'no result file that is known'],
    ['null', 'null', 'no result file that is known'],
    ['an empty list', '[]', 'no result file that is known'],
    ['with a line of something else', `${whole}\n{"answer":42}`, 'results.json:2: this line is not of vllm'],
    ['with a broken line', `${whole}\n{"date":`, 'results.json:2: not JSON'],
  ])('%s', (_what, text, says) => {
    const error = refusal(text)
    expect(error.message).toContain(says)
    expect(error.code).toBe('usage')
    expect(error.hint).not.toBe('')
  })

  test('cut off anywhere, on one line or many', () => {
    for (const text of [whole, JSON.stringify(vllmSummary, null, 2)]) {
      for (let length = 1; length < text.length; length += 7) {
        expect(refusal(text.slice(0, length)).message, `cut at ${length}`).toMatch(/not JSON/)
      }
    }
  })

  test('the error of an unknown file lists what is known', () => {
    const { hint } = refusal('{}')
    for (const tool of ['vllm bench', 'sglang', 'guidellm', 'profile_export', 'inference-perf', 'llama-bench']) {
      expect(hint).toContain(tool)
    }
  })
})

test('a byte order mark, Windows line ends and blank lines are no damage', () => {
  expect(read(`\uFEFF${whole}\r\n\r\n${whole.replace('"label":null', '"label":"x"')}\r\n`)).toHaveLength(2)
})

test('a text that says NaN is a text', () => {
  const text = whole
    .replace('"label":null', '"label":"NaN, \\"Infinity\\""')
    .replace('"burstiness":1', '"burstiness":Infinity')
  expect(read(text)[0]?.completed).toBe(3)
})

describe('a copy is no second measurement', () => {
  test.each([
    ['as it is', whole],
    ['laid out otherwise', JSON.stringify(vllmSummary, null, 2)],
    ['joined with another', `${whole.replace('"label":null', '"label":"x"')}\n${whole}`],
  ])('%s', (_what, text) => {
    const files = [
      { path: 'a.json', text: whole },
      { path: 'copy/a.json', text },
    ]
    expect(() => readResults(files)).toThrow(/copy\/a\.json.* holds the same as a\.json/)
  })

  test('a line twice', () => {
    expect(refusal(`${whole}\n${whole}`).message).toContain('results.json:2 holds the same as results.json:1')
  })
})
