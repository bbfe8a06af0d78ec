import { describe, expect, it } from 'vitest'
import { cellsOf, promisedEffect } from '../../src/judge/cells.ts'
import { fromFractionSlower, slowness, toChange, toFractionSlower, toValue } from '../../src/judge/slowness.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { measured, scenario } from './evidence.ts'

const trial = { scenarios: { a: measured(10, 1), b: measured(40, 4) } }

describe('slowness', () => {
  it('is more when latency is more and when tokens per second are fewer', () => {
    const slow = { scenarios: { a: measured(20, 2) } }
    // Twice the latency, half the tokens per second: both are ln 2.
    for (const metric of ['latencyTail', 'tokensPerSecond'] as const) {
      const difference = (slowness(slow, metric, ['a']) ?? 0) - (slowness(trial, metric, ['a']) ?? 0)
      expect(difference).toBeCloseTo(Math.LN2, 12)
    }
  })

  it('averages scenarios geometrically: 40 and 160 are 80 together', () => {
    expect(toValue('latencyTail', slowness(trial, 'latencyTail', ['a', 'b']) ?? 0)).toBeCloseTo(80, 9)
  })

  it.each([
    ['an absent scenario', ['a', 'c']],
    ['a name that every object has', ['constructor']],
    ['no scenario', []],
  ])('is null for %s', (_, members) => {
    expect(slowness(trial, 'latencyTail', members)).toBeNull()
  })

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, null])('is null for a value of %s', (latencyTail) => {
    expect(slowness({ scenarios: { a: measured(10, 1, { latencyTail }) } }, 'latencyTail', ['a'])).toBeNull()
  })
})

describe('toChange', () => {
  it('is in the direction of the metric, with its bounds in order', () => {
    const latency = toChange('latencyTail', Math.log(1.2), Math.log(1.1))
    expect(latency.estimate).toBeCloseTo(0.2, 12)
    expect(latency.high).toBeCloseTo(1.2 * 1.1 - 1, 12)
    const rate = toChange('tokensPerSecond', Math.log(1.25), Math.log(1.1))
    expect(rate.estimate).toBeCloseTo(-0.2, 12)
    expect(rate.low).toBeCloseTo(0.8 / 1.1 - 1, 12)
    expect(rate.high).toBeCloseTo(0.8 * 1.1 - 1, 12)
  })

  it('reads fractions both ways', () => {
    for (const metric of ['latencyTail', 'tokensPerSecond'] as const) {
      expect(toFractionSlower(metric, fromFractionSlower(metric, 0.05))).toBeCloseTo(0.05, 12)
    }
    expect(fromFractionSlower('latencyTail', 1)).toBeCloseTo(Math.LN2, 12)
    expect(fromFractionSlower('tokensPerSecond', 0.5)).toBeCloseTo(Math.LN2, 12)
  })
})

describe('cellsOf', () => {
  it('has a cell for each scenario and metric, and one of all scenarios for each metric', () => {
    const cells = cellsOf([scenario('a'), scenario('b', { requests: 300 })], defaultPolicy)
    expect(cells.map(({ metric, scenario, margin, percentile }) => [metric, scenario, margin, percentile])).toEqual([
      ['latencyTail', 'a', 0.1, 90],
      ['latencyTail', 'b', 0.1, 99],
      ['latencyTail', null, 0.05, 90],
      ['tokensPerSecond', 'a', 0.05, 90],
      ['tokensPerSecond', 'b', 0.05, 99],
      ['tokensPerSecond', null, 0.025, 90],
    ])
  })

  it('promises twice the margin, and for a rate never more than half of what the margin leaves', () => {
    expect(promisedEffect('latencyTail', 0.6)).toBeCloseTo(1.2, 12)
    expect(promisedEffect('tokensPerSecond', 0.05)).toBeCloseTo(0.1, 12)
    expect(promisedEffect('tokensPerSecond', 0.6)).toBeCloseTo(0.8, 12)
  })
})
