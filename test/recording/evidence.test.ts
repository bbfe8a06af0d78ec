import { expect, test } from 'vitest'
import type { RequestRecord } from '../../src/model/request.ts'
import { evidenceOfRecording } from '../../src/recording/evidence.ts'
import { pairUp } from '../../src/recording/pair-up.ts'
import { fiveRequests, header, request, trial } from './sample.ts'

const evidenceOf = (requests: readonly RequestRecord[], changes = {}) =>
  evidenceOfRecording({ run: { ...header, trials: [trial('h1', 0, changes)] }, requests })[0]

test('a sound trial has metrics and no finding', () => {
  const evidence = evidenceOf(fiveRequests('h1'))
  expect(evidence?.findings).toEqual([])
  // 5 requests of 90 ms each; 5 x 64 tokens in a window of 0.5 s.
  expect(evidence?.scenarios['p128-o64-c4']?.values.latencyTail).toBeCloseTo(90, 9)
  expect(evidence?.scenarios['p128-o64-c4']?.values.tokensPerSecond).toBeCloseTo(640, 9)
  expect(evidence?.scenarios['p128-o64-c4']?.percentile).toBe(50)
})

test('validity comes from the requests, whatever the file says: a failed request', () => {
  const failed = [...fiveRequests('h1').slice(1), request('h1', 0, { outcome: 'truncated' })]
  const evidence = evidenceOf(failed)
  expect(evidence?.findings.map(({ code }) => code)).toContain('failures')
  expect(evidence?.scenarios).toEqual({})
})

test('no requests at all is a finding', () => {
  expect(evidenceOf([])?.findings).not.toEqual([])
  expect(evidenceOf([])?.scenarios).toEqual({})
})

test('an end before its beginning (a clock that jumped) is a finding', () => {
  const jumped = fiveRequests('h1').map((line) => (line.index === 2 ? { ...line, endMs: 10 } : line))
  expect(evidenceOf(jumped)?.findings).not.toEqual([])
})

test('a window of a scenario that the plan does not name is a finding', () => {
  const [window] = trial('h1', 0).windows
  const evidence = evidenceOf(fiveRequests('h1'), { windows: [{ ...window, scenario: 'other' }] })
  expect(evidence?.findings.map(({ code }) => code)).toEqual(['unplanned-scenario'])
})

test('when the server died, what its death did to the requests is not told again', () => {
  const died = { code: 'server-died', scenario: null, message: 'The server was killed.', hint: 'See the log.' }
  const evidence = evidenceOf(fiveRequests('h1').slice(0, 2), { findings: [died] })
  expect(evidence?.findings).toEqual([died])
  expect(evidence?.scenarios).toEqual({})
})

test('recorded pairs stay pairs, in the order in which they were run', () => {
  const [one] = evidenceOfRecording({ run: { ...header, trials: [trial('b1', 1, { pair: 0 })] }, requests: [] })
  const [two] = evidenceOfRecording({ run: { ...header, trials: [trial('h1', 0, { pair: 0 })] }, requests: [] })
  if (!one || !two) throw new Error('no evidence')
  const { trials, notes } = pairUp([one], [two])
  expect(trials.map(({ id, side, pair }) => [id, side, pair])).toEqual([
    ['h1', 'head', 0],
    ['b1', 'base', 0],
  ])
  expect(notes).toEqual([])
})

test('two recordings that were made one after the other are paired by position, with a warning', () => {
  const run = { ...header, trials: [trial('h1', 0), trial('h2', 1)] }
  const evidence = evidenceOfRecording({ run, requests: [...fiveRequests('h1'), ...fiveRequests('h2')] })
  const { trials, notes } = pairUp(evidence, evidence)
  expect(trials.map(({ side, pair, stage }) => `${side} ${pair} ${stage}`)).toEqual([
    'base 0 pairs',
    'base 1 pairs',
    'head 0 pairs',
    'head 1 pairs',
  ])
  expect(notes.join()).toContain('drift')
})
