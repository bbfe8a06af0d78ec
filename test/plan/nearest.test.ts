import { expect, test } from 'vitest'
import { nearestName } from '../../src/plan/nearest.ts'

const keys = ['prompt-tokens', 'output-tokens', 'concurrency', 'requests', 'name']

test.each([
  ['promt-tokens', 'prompt-tokens'],
  ['prompt_tokens', 'prompt-tokens'],
  ['promptTokens', 'prompt-tokens'],
  ['request', 'requests'],
  ['concurency', 'concurrency'],
  ['nmae', null],
  ['naem', null],
  ['nam', 'name'],
  ['temperature', null],
  ['', null],
])('%s means %s', (typed, meant) => {
  expect(nearestName(typed, keys)).toBe(meant)
})

test('of two names the nearer one wins', () => {
  expect(nearestName('tokans', ['tokens', 'broken'])).toBe('tokens')
  expect(nearestName('tokans', ['broken', 'tokens'])).toBe('tokens')
})

test('no allowed names, no suggestion', () => {
  expect(nearestName('x', [])).toBeNull()
})
