import { expect, test } from 'vitest'
import { plainLoad, type Scenario } from '../../src/model/scenario.ts'
import { guardMatrix } from '../../src/plan/matrix-guard.ts'
import { refusalOf } from './refusal.ts'

const scenario = (name: string, changes: Partial<Scenario> = {}): Scenario => ({
  name,
  ...plainLoad,
  promptTokens: 64,
  outputTokens: 8,
  concurrency: 1,
  requests: 30,
  streaming: true,
  ...changes,
})

const refusal = (expected: readonly Scenario[], scenarios: readonly Scenario[]) =>
  refusalOf(() => guardMatrix(expected, scenarios))

test('the same scenarios, and more of them, are accepted', () => {
  expect(() => guardMatrix([scenario('a')], [scenario('b'), scenario('a')])).not.toThrow()
  expect(() => guardMatrix([], [scenario('a')])).not.toThrow()
})

test('every scenario that is missing or changed is named at once', () => {
  const now = [scenario('a', { promptTokens: 8, requests: 5 }), scenario('b2')]
  const error = refusal([scenario('a'), scenario('b'), scenario('c')], now)
  expect(error.code).toBe('invalid')
  expect(error.message).toContain('"a" is other work: promptTokens 8 instead of 64, requests 5 instead of 30')
  expect(error.message).toContain('"b" is missing')
  expect(error.message).toContain('"c" is missing')
  expect(error.hint).toContain('new name')
})

test.each([
  ['outputTokens', { outputTokens: 1 }],
  ['concurrency', { concurrency: 2 }],
  ['streaming', { streaming: false }],
])('a change of %s alone is other work', (field, changes) => {
  expect(refusal([scenario('a')], [scenario('a', changes)]).message).toContain(field)
})
