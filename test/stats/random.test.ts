import { describe, expect, it } from 'vitest'
import { randomAt, seededRandom } from '../../src/stats/random.ts'

const take = (seed: number, count: number) => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, random)
}

describe('seededRandom', () => {
  it('repeats itself for a seed, and differs between seeds', () => {
    expect(take(7, 20)).toEqual(take(7, 20))
    expect(take(7, 20)).not.toEqual(take(8, 20))
  })

  it('fills 0 to 1 evenly', () => {
    const counts = Array(10).fill(0)
    for (const value of take(1, 20_000)) counts[Math.floor(value * 10)]++
    // Chi-squared with 9 degrees of freedom stays under 27.9 in 999 of 1000 cases.
    const chiSquared = counts.reduce((total, count) => total + (count - 2000) ** 2 / 2000, 0)
    expect(chiSquared).toBeLessThan(27.9)
  })
})

describe('randomAt', () => {
  it('depends on seed and index only', () => {
    expect(randomAt(3, 5)).toBe(randomAt(3, 5))
    expect(new Set([randomAt(3, 5), randomAt(3, 6), randomAt(4, 5), randomAt(0, 0)]).size).toBe(4)
  })

  it('is as often above as below one half, along indices and along seeds', () => {
    const high = (values: number[]) => values.filter((value) => value >= 0.5).length
    const byIndex = Array.from({ length: 10_000 }, (_, index) => randomAt(11, index))
    const bySeed = Array.from({ length: 10_000 }, (_, seed) => randomAt(seed, 0))
    for (const values of [byIndex, bySeed]) expect(Math.abs(high(values) - 5000)).toBeLessThan(4 * 50)
  })
})
