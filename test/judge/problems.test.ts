import { describe, expect, it } from 'vitest'
import { decide } from '../../src/judge/index.ts'
import { findProblems } from '../../src/judge/problems.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { input, jitter, type Measure, measured, pairs, quietWindow, scenario, trial } from './evidence.ts'

const load = { arrivals: { requestsPerSecond: 10, burstiness: null }, concurrency: null }
const scenarios = [scenario('open', load)]
const nothingGood = { goodput: 0, queueDelayMedian: 0, queueDelayTail: 0 }
const measure: Measure = (_side, random) => ({
  open: measured(10 * jitter(random, 0.01), jitter(random, 0.01), nothingGood),
})

describe('a value of 0', () => {
  it('is a measurement where nothing is a possible amount: no good request, no wait', () => {
    const window = quietWindow(scenarios, measure)
    expect(findProblems(scenarios, window, pairs(3, measure), defaultPolicy)).toEqual([])
    const { report } = decide(input({ scenarios, window, trials: pairs(18, measure), final: true }))
    expect(report.findings).toEqual([])
    expect(report.conclusion).toBe('pass')
  })

  it.each(['latencyTail', 'tokensPerSecond', 'latencyMedian', 'ttftTail', 'tpotMean', 'requestRate', 'sendRate'])(
    'is broken as %s, in a trial and in the baseline',
    (metric) => {
      const broken = { open: measured(10, 1, { [metric]: 0 }) }
      const found = findProblems(scenarios, null, [trial('head', null, broken)], defaultPolicy)
      expect(found).toMatchObject([{ code: 'not-a-number', scenario: 'open' }])
      expect(found[0]?.message).toContain(`${metric} is 0`)
      const ofWindow = findProblems(
        scenarios,
        quietWindow(scenarios, () => broken),
        [],
        defaultPolicy,
      )
      expect(ofWindow).toMatchObject([{ code: 'broken-baseline' }])
      expect(ofWindow[0]?.message).toContain(`"open": ${metric} is 0`)
    },
  )

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('alone is excused: a goodput of %s is broken', (goodput) => {
    const found = findProblems(
      scenarios,
      null,
      [trial('head', null, { open: measured(10, 1, { goodput }) })],
      defaultPolicy,
    )
    expect(found).toMatchObject([{ code: 'not-a-number', scenario: 'open' }])
  })
})
