import { describe, expect, it } from 'vitest'
import {
  fromFractionSlower,
  fromValue,
  slowness,
  toChange,
  toFractionSlower,
  toValue,
} from '../../src/judge/slowness.ts'
import { measured } from './evidence.ts'

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

describe('a value of a metric', () => {
  it('is its logarithm as slowness, turned where more is faster', () => {
    expect(fromValue('latencyTail', Math.E)).toBe(1)
    expect(fromValue('tokensPerSecond', Math.E)).toBe(-1)
  })

  it.each(['latencyTail', 'tokensPerSecond'] as const)('comes back from slowness: %s', (metric) => {
    for (const value of [1e-3, 1, 250]) expect(toValue(metric, fromValue(metric, value))).toBeCloseTo(value, 9)
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
