import { describe, expect, it } from 'vitest'
import { harrellDavis, sortSample } from '../../src/stats/harrell-davis.ts'

/** Weights by Simpson's rule on the Beta density: independent of the incomplete beta function. */
function bruteForce(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  const density = (t: number) => t ** ((n + 1) * p - 1) * (1 - t) ** ((n + 1) * (1 - p) - 1)
  const area = (from: number, to: number) => {
    const steps = 2000
    const h = (to - from) / steps
    let total = density(from) + density(to)
    for (let i = 1; i < steps; i++) total += density(from + i * h) * (i % 2 ? 4 : 2)
    return (total * h) / 3
  }
  const weights = sorted.map((_, i) => area(i / n, (i + 1) / n))
  const whole = weights.reduce((a, b) => a + b, 0)
  return sorted.reduce((total, value, i) => total + (value * (weights[i] ?? 0)) / whole, 0)
}

describe('harrellDavis', () => {
  it('is the mean of two values for the median of two', () => {
    expect(harrellDavis(sortSample([3, 5]), 0.5)).toBeCloseTo(4, 12)
  })

  it('has the weights 7/27, 13/27, 7/27 for the median of three', () => {
    // Beta(2, 2): 3x^2 - 2x^3 is 7/27 at 1/3 and 20/27 at 2/3.
    expect(harrellDavis(sortSample([0, 0, 27]), 0.5)).toBeCloseTo(7, 12)
    expect(harrellDavis(sortSample([0, 27, 27]), 0.5)).toBeCloseTo(20, 12)
  })

  it.each([0.5, 0.75, 0.9, 0.95])('agrees with numerical integration at p = %s', (p) => {
    const values = Array.from({ length: 60 }, (_, i) => 100 + 37 * Math.sin(i * i) + i ** 1.5)
    expect(harrellDavis(sortSample(values), p)).toBeCloseTo(bruteForce(values, p), 6)
  })

  it('agrees at the 99th percentile of the smallest sample that supports it', () => {
    const values = Array.from({ length: 299 }, (_, i) => Math.exp(Math.sin(7 * i)) * 100)
    expect(harrellDavis(sortSample(values), 0.99)).toBeCloseTo(bruteForce(values, 0.99), 4)
  })

  it('is the value itself for one value, and for equal values', () => {
    expect(harrellDavis(sortSample([42.1]), 0.99)).toBe(42.1)
    expect(harrellDavis(sortSample(Array(300).fill(0.1)), 0.99)).toBe(0.1)
  })

  it('has the weights of its own size and quantile, however many others came in between', () => {
    const ramp = (n: number) => sortSample(Array.from({ length: n }, (_, i) => i * i))
    const cases = Array.from({ length: 40 }, (_, i) => ({ n: 12 + i, p: i % 2 ? 0.5 : 0.9 }))
    for (let round = 0; round < 2; round++) {
      for (const { n, p } of cases) expect(harrellDavis(ramp(n), p)).toBeCloseTo(bruteForce(ramp(n), p), 2)
    }
    expect(harrellDavis(ramp(20), 0.5)).not.toBeCloseTo(harrellDavis(ramp(20), 0.9), 1)
  })

  it('does not depend on the order and leaves its input alone', () => {
    const values = Object.freeze([9, 1, 5, 3, 7])
    expect(harrellDavis(sortSample(values), 0.8)).toBe(harrellDavis(sortSample([1, 3, 5, 7, 9]), 0.8))
    expect(values).toEqual([9, 1, 5, 3, 7])
  })

  it.each([
    ['nothing', []],
    ['NaN', [1, Number.NaN]],
    ['Infinity', [1, Number.POSITIVE_INFINITY]],
  ])('refuses a sample of %s', (_, values) => {
    expect(() => sortSample(values)).toThrow(RangeError)
  })

  it.each([0, 1, Number.NaN])('refuses p = %s', (p) => {
    expect(() => harrellDavis(sortSample([1, 2]), p)).toThrow(RangeError)
  })
})
