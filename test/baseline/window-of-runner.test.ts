import { expect, test } from 'vitest'
import { serialiseBaseline, windowOfRunner } from '../../src/baseline/index.ts'
import { ActionError } from '../../src/errors.ts'
import { file, runnerClass } from './sample.ts'

const text = serialiseBaseline(file())
const other = { ...runnerClass, id: 'a100-00000000' }

function refusal(read: () => unknown): ActionError {
  try {
    read()
  } catch (error) {
    if (error instanceof ActionError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

test('no file at all is no window', () => {
  expect(windowOfRunner(null, 'baseline.json', { runnerClass }, 'hint')).toBeNull()
})

test('the window of this runner is found', () => {
  expect(windowOfRunner(text, 'baseline.json', { runnerClass }, 'hint')?.jobs).toHaveLength(1)
})

test('a file that knows only other machines is refused, never taken for no baseline', () => {
  const error = refusal(() => windowOfRunner(text, 'baseline.json', { runnerClass: other }, 'Calibrate this one.'))
  expect(error.code).toBe('invalid')
  expect(error.message).toContain('baseline.json was measured on rtx-2060-5f3a9c1e; this runner is a100-00000000')
  expect(error.hint).toBe('Calibrate this one.')
})

test('an empty file is refused too', () => {
  expect(refusal(() => windowOfRunner('', 'baseline.json', { runnerClass }, 'hint')).message).toContain('baseline.json')
})
