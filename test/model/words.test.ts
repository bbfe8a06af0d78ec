import { expect, test } from 'vitest'
import { acceptedBy } from '../../src/model/accepted.ts'
import { asSentence, plural } from '../../src/model/words.ts'

test.each([
  [0, 'pair', '0 pairs'],
  [1, 'pair', '1 pair'],
  [2, 'more row', '2 more rows'],
  [0.5, 'minute', '0.5 minutes'],
  [1.5, 'minute', '1.5 minutes'],
])('%s of "%s" is counted as people count', (count, noun, text) => {
  expect(plural(count, noun)).toBe(text)
})

test.each([
  ['we know', 'we know.'],
  ['we know.', 'we know.'],
  ['we know!', 'we know!'],
  ['who cares?', 'who cares?'],
  ['more of it…', 'more of it…'],
  ['分かっています。', '分かっています。'],
  ['we know \n', 'we know.'],
])('%j ends once, with its own mark where it has one', (text, sentence) => {
  expect(asSentence(text)).toBe(sentence)
})

test('who accepted a slowdown and why is one sentence', () => {
  expect(acceptedBy({ source: 'label "x"', reason: 'at last!' })).toBe('label "x": at last!')
})
