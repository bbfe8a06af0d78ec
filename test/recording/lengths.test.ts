import { expect, test } from 'vitest'
import { lengthsOf } from '../../src/recording/lengths.ts'
import { fiveRequests, request, scenario, trial } from './sample.ts'

const [window] = trial('h1', 0).windows
if (!window) throw new Error('the sample has no window')

const counted = (prompts: readonly (number | null)[]) =>
  prompts.map((promptTokens, index) => request('h1', index, { promptTokens }))

test('the least, the mean and the most of what the server counted, beside what was asked', () => {
  expect(lengthsOf(scenario, window, counted([127, 128, 128, 131]))).toEqual({
    scenario: scenario.name,
    promptSource: 'token-ids',
    requests: 4,
    prompt: { asked: 128, counted: { least: 127, mean: 128.5, most: 131 } },
    output: { asked: 64, counted: { least: 64, mean: 64, most: 64 } },
  })
})

test('failed requests do not count: their answers were cut', () => {
  const failed = request('h1', 9, { outcome: 'reset', outputTokens: 3, promptTokens: 5 })
  expect(lengthsOf(scenario, window, [...fiveRequests('h1'), failed])).toEqual(
    lengthsOf(scenario, window, fiveRequests('h1')),
  )
  expect(lengthsOf(scenario, window, [failed])).toBeNull()
})

test('one request without a count leaves no figure: the rest is not the whole', () => {
  expect(lengthsOf(scenario, window, counted([128, null]))?.prompt.counted).toBeNull()
})

test('a count that is no number stays none', () => {
  expect(lengthsOf(scenario, window, counted([128, Number.NaN]))?.prompt.counted).toEqual({
    least: Number.NaN,
    mean: Number.NaN,
    most: Number.NaN,
  })
})

test('own prompts were asked to have no length', () => {
  const own = { ...scenario, prompts: { file: 'p.jsonl', sha256: '0'.repeat(64) } }
  expect(lengthsOf(own, { ...window, promptSource: 'file' }, counted([5, 9]))).toMatchObject({
    promptSource: 'file',
    prompt: { asked: null, counted: { least: 5, mean: 7, most: 9 } },
  })
})

test('an answer that is trusted to be as long as asked for was not counted', () => {
  expect(lengthsOf(scenario, { ...window, countSource: 'requested' }, fiveRequests('h1'))?.output).toEqual({
    asked: 64,
    counted: null,
  })
})
