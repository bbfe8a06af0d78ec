import { describe, expect, test } from 'vitest'
import { mayRepeat, repeatNotes } from '../../src/measure/repeats.ts'
import type { Stage, TrialEvidence } from '../../src/model/trial.ts'

function trial(codes: readonly string[], stage: Stage = 'pairs'): TrialEvidence {
  const findings = codes.map((code) => ({ code, scenario: null, message: code, hint: '' }))
  return {
    id: 'h1',
    side: 'head',
    stage,
    pair: 0,
    order: 0,
    startedAt: '2026-01-01T00:00:00Z',
    startupMs: 1,
    scenarios: {},
    findings,
    lengths: [],
    telemetry: null,
  }
}

const sound = (count: number) => Array.from({ length: count }, () => trial([]))
const discarded = (count: number) => Array.from({ length: count }, () => trial(['client-lag'], 'discarded'))

describe('a trial is run again', () => {
  test.each([['client-lag'], ['gpu-throttled'], ['gpu-shared']])('when only %s disturbed it', (code) => {
    expect(mayRepeat(trial([code]), [])).toBe(true)
  })

  test('three times at first, and once more for every four sound trials', () => {
    expect(mayRepeat(trial(['client-lag']), discarded(2))).toBe(true)
    expect(mayRepeat(trial(['client-lag']), discarded(3))).toBe(false)
    expect(mayRepeat(trial(['client-lag']), [...discarded(3), ...sound(3)])).toBe(false)
    expect(mayRepeat(trial(['client-lag']), [...discarded(3), ...sound(4)])).toBe(true)
    expect(mayRepeat(trial(['client-lag']), [...discarded(4), ...sound(4)])).toBe(false)
  })
})

describe('a trial is not run again', () => {
  test.each([['server-died'], ['failures'], ['output-length'], ['impossible-times']])('for %s', (code) => {
    expect(mayRepeat(trial([code]), [])).toBe(false)
  })

  test('when something that does not pass stands beside what does', () => {
    expect(mayRepeat(trial(['client-lag', 'failures']), [])).toBe(false)
  })

  test('when nothing is wrong with it', () => {
    expect(mayRepeat(trial([]), [])).toBe(false)
  })
})

test('the report is told what was discarded, and why', () => {
  expect(repeatNotes(sound(3))).toEqual([])
  expect(repeatNotes([...sound(1), ...discarded(1)])).toEqual([expect.stringMatching(/^1 trial was .*client-lag/)])
  expect(repeatNotes(discarded(2))).toEqual([expect.stringMatching(/^2 trials were/)])
})
