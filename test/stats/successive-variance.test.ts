import { describe, expect, it } from 'vitest'
import { normal } from '../../src/stats/normal.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { successiveVariance } from '../../src/stats/successive-variance.ts'

describe('successiveVariance', () => {
  it('is half the mean square of the steps', () => {
    // Steps 1 and 2: (1 + 4) / (2 x 2); degrees 2 x 2^2 / (3 x 3 - 4).
    expect(successiveVariance([1, 2, 4])).toEqual({ value: 1.25, degrees: 1.6 })
    expect(successiveVariance([3, 5])).toEqual({ value: 2, degrees: 1 })
  })

  it('knows nothing of fewer than two values', () => {
    expect(successiveVariance([])).toEqual({ value: 0, degrees: 0 })
    expect(successiveVariance([1])).toEqual({ value: 0, degrees: 0 })
  })

  it('hardly sees a trend that rules the variance around the mean', () => {
    // 0 to 7 in steps of 1: 0.5, where the sample variance is 6.
    expect(successiveVariance([0, 1, 2, 3, 4, 5, 6, 7]).value).toBe(0.5)
  })

  it.each([4, 8])('is right on average for %i normal values, and as uncertain as its degrees say', (n) => {
    const random = seededRandom(n)
    const runs = 20_000
    const found = Array.from({ length: runs }, () =>
      successiveVariance(Array.from({ length: n }, () => normal(random))),
    )
    const mean = found.reduce((total, { value }) => total + value, 0) / runs
    const spread = found.reduce((total, { value }) => total + (value - mean) ** 2, 0) / runs
    const expected = 2 / (found[0]?.degrees ?? Number.NaN)
    expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(expected / runs))
    expect(Math.abs(spread / expected - 1)).toBeLessThan(0.1)
  })
})
