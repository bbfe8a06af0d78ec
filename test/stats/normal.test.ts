import { describe, expect, it } from 'vitest'
import { normal, studentFromNormal } from '../../src/stats/normal.ts'
import { seededRandom } from '../../src/stats/random.ts'

describe('normal numbers', () => {
  it('are those of Box and Muller, of two draws each, to the last bit: what was drawn of a seed stays', () => {
    const [random, draws] = [seededRandom(3), seededRandom(3)]
    for (let turn = 0; turn < 5000; turn++) {
      expect(normal(random)).toBe(Math.sqrt(-2 * Math.log(1 - draws())) * Math.cos(2 * Math.PI * draws()))
    }
  })

  it('have mean 0, standard deviation 1, and one in twenty beyond 1.96', () => {
    const random = seededRandom(3)
    const values = Array.from({ length: 40_000 }, () => normal(random))
    const mean = values.reduce((total, value) => total + value, 0) / values.length
    const variance = values.reduce((total, value) => total + value * value, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(values.length))
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length))
    const beyond = values.filter((value) => Math.abs(value) > 1.959964).length / values.length
    expect(Math.abs(beyond - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / values.length))
  })
})

describe("Student's t at the probability of a normal number", () => {
  // Percentage points of t: Abramowitz & Stegun, table 26.10; normal points 1.644854, 2.326348, 2.575829.
  it.each([
    [1.644854, 7, 1.895],
    [1.644854, 30, 1.697],
    [2.326348, 7, 2.998],
    [2.326348, 15, 2.602],
    [2.575829, 10, 3.169],
    [2.575829, 40, 2.704],
  ])('z = %s with %s degrees is %s', (z, degrees, t) => {
    expect(Math.abs(studentFromNormal(z, degrees) - t)).toBeLessThan(0.01 * t)
    expect(studentFromNormal(-z, degrees)).toBeCloseTo(-studentFromNormal(z, degrees), 12)
  })

  it('is the normal number itself at infinitely many degrees', () => {
    expect(studentFromNormal(1.7, Number.POSITIVE_INFINITY)).toBe(1.7)
  })
})
