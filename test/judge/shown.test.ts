import { describe, expect, it } from 'vitest'
import type { RunEvidence } from '../../src/judge/evidence.ts'
import { shownChanges } from '../../src/judge/shown.ts'
import type { ScenarioMetrics } from '../../src/metrics/index.ts'
import type { TrialEvidence } from '../../src/model/trial.ts'
import { measured, quietWindow, scenario, trial } from './evidence.ts'

const scenarios = [scenario('chat')]
const percentiles = new Map([['chat', 90]])
const good = (goodput: number): Record<string, ScenarioMetrics> => ({ chat: measured(10, 1, { goodput }) })
const pairsOf = (base: readonly number[], head: readonly number[]) =>
  base.map((value, pair) => ({
    base: trial('base', pair, good(value)),
    head: trial('head', pair, good(head[pair] ?? Number.NaN)),
  }))
const none: RunEvidence = { pairs: [], screenTrials: [], window: null }
const goodputOf = (run: RunEvidence) =>
  shownChanges(scenarios, percentiles, run).find((row) => row.metric === 'goodput')

describe('goodput, which does not gate', () => {
  it('is a ratio of geometric means where every trial has some', () => {
    const row = goodputOf({ ...none, pairs: pairsOf([4, 4, 4, 4], [1, 4, 1, 4]) })
    expect(row).toMatchObject({ base: expect.closeTo(4), head: expect.closeTo(2) })
    expect(row?.change?.estimate).toBeCloseTo(-0.5)
  })

  it('counts the trials in which not one request was good: head has 2 on average, not 4', () => {
    expect(goodputOf({ ...none, pairs: pairsOf([4, 4, 4, 4], [0, 4, 0, 4]) })).toMatchObject({
      base: 4,
      head: 2,
      change: null,
    })
  })

  it('that fell to nothing is shown as such', () => {
    expect(goodputOf({ ...none, pairs: pairsOf([4, 6], [0, 0]) })).toMatchObject({ base: 5, head: 0, change: null })
  })

  it('leaves pairs out that something was wrong with', () => {
    const finding = { code: 'failures', scenario: 'chat', message: '', hint: '' }
    const [sound, broken] = pairsOf([4, 4], [2, 0])
    if (!sound || !broken) throw new Error('two pairs were made')
    const pairs = [sound, sound, { ...broken, head: { ...broken.head, findings: [finding] } }]
    expect(goodputOf({ ...none, pairs })).toMatchObject({
      head: expect.closeTo(2),
      change: { estimate: expect.closeTo(-0.5) },
    })
  })

  it('is held against the trials of the window where only head was measured', () => {
    const window = quietWindow(scenarios, () => good(4))
    const screenTrials: TrialEvidence[] = [trial('head', null, good(0)), trial('head', null, good(1))]
    expect(goodputOf({ pairs: [], screenTrials, window })).toMatchObject({ base: 4, head: 0.5, change: null })
  })

  it('is held against the window too where no pair has any, and only by head trials that nothing was wrong with', () => {
    const window = quietWindow(scenarios, () => good(4))
    const pair = { base: trial('base', 0, { chat: measured(10, 1) }), head: trial('head', 0, good(9)) }
    const finding = { code: 'failures', scenario: 'chat', message: '', hint: '' }
    const screenTrials = [trial('head', null, good(0)), trial('head', null, good(3), [finding])]
    expect(goodputOf({ pairs: [pair], screenTrials, window })).toMatchObject({ base: 4, head: 0, change: null })
  })

  it('is not shown where one side has none', () => {
    const pair = { base: trial('base', 0, good(0)), head: trial('head', 0, { chat: measured(10, 1) }) }
    expect(goodputOf({ ...none, pairs: [pair] })).toBeUndefined()
    expect(goodputOf({ ...none, screenTrials: [trial('head', null, good(0))] })).toBeUndefined()
  })

  it('is not shown where nobody asked for it', () => {
    const plain = { chat: measured(10, 1) }
    const pairs = [0, 1].map((pair) => ({ base: trial('base', pair, plain), head: trial('head', pair, plain) }))
    expect(goodputOf({ ...none, pairs })).toBeUndefined()
  })
})
