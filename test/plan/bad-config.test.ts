import { expect, test } from 'vitest'
import { parseConfig } from '../../src/plan/config-file.ts'
import { badConfigs, goodConfig } from './bad-configs.ts'
import { refusalOf } from './refusal.ts'

const errorOf = (text: string) => refusalOf(() => parseConfig(text, 'llm-perf.yml'))

test('the configuration that every case starts from is accepted', () => {
  expect(parseConfig(goodConfig, 'llm-perf.yml').load.scenarios).toHaveLength(1)
})

test.each(badConfigs)('refused, naming key, value and what is allowed: $what', ({ text, says }) => {
  const error = errorOf(text)
  expect(error.code).toBe('usage')
  expect(error.hint).not.toBe('')
  for (const part of says) expect(error.message).toContain(part)
})

/** Where one slip is more than one problem: cut in two by YAML, or wrong in every cell of the matrix that it touches. */
const twofold = [
  'a broken line',
  'a tab',
  'a second document',
  'a matrix that repeats a value',
  'an exclusion of everything',
]

test.each(badConfigs.filter(({ what }) => !twofold.includes(what)))(
  'one cause makes one problem: $what',
  ({ text }) => {
    expect(errorOf(text).message.match(/^- /gm)).toHaveLength(1)
  },
)
