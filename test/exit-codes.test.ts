import { expect, test } from 'vitest'
import { ActionError } from '../src/errors.ts'
import { exitCodeOf, exitCodes } from '../src/exit-codes.ts'

test('each conclusion has the documented exit code', () => {
  expect(exitCodes).toEqual({ pass: 0, regressed: 1, invalid: 3, inconclusive: 4 })
})

test.each([
  [new ActionError('usage', '', ''), 2],
  [new ActionError('invalid', '', ''), 3],
  [new ActionError('cancelled', '', ''), 130],
  [new Error('a defect'), 70],
  ['not even an error', 70],
  [undefined, 70],
])('what was thrown never exits with 0: %s', (thrown, code) => {
  expect(exitCodeOf(thrown)).toBe(code)
})
