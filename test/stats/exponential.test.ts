import { describe, expect, it } from 'vitest'
import { exponential } from '../../src/stats/exponential.ts'
import { seededRandom } from '../../src/stats/random.ts'

describe('exponential numbers', () => {
  it('are -ln(1 - u) of one draw each, to the last bit: schedules of a seed stay what they were', () => {
    const [random, draws] = [seededRandom(4), seededRandom(4)]
    for (let turn = 0; turn < 5000; turn++) expect(exponential(random)).toBe(-Math.log(1 - draws()))
  })

  it('are finite at both ends of what a draw can be', () => {
    expect(exponential(() => 0)).toBeCloseTo(0, 15)
    // The largest draw is 1 - 2^-32: 32 ln 2.
    expect(exponential(() => 1 - 2 ** -32)).toBeCloseTo(32 * Math.LN2, 12)
  })

  it('have mean 1, and one in twenty beyond ln 20', () => {
    const random = seededRandom(6)
    const values = Array.from({ length: 40_000 }, () => exponential(random))
    const mean = values.reduce((total, value) => total + value, 0) / values.length
    expect(Math.abs(mean - 1)).toBeLessThan(4 / Math.sqrt(values.length))
    const beyond = values.filter((value) => value > Math.log(20)).length / values.length
    expect(Math.abs(beyond - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / values.length))
  })
})
