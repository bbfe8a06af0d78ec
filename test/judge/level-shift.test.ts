import { describe, expect, it } from 'vitest'
import { findShift } from '../../src/judge/level-shift.ts'
import { unknownVariance } from '../../src/stats/moderated-variance.ts'
import { normal } from '../../src/stats/normal.ts'
import { seededRandom } from '../../src/stats/random.ts'

const random = seededRandom(21)
const normals = (n: number) => Array.from({ length: n }, () => normal(random))

describe('findShift', () => {
  it('asks for the p value of a two-sample t test', () => {
    // Pooled variance 0.0002 on 2 degrees, t^2 = 1 / 0.0002 = 5000, two-sided p = 1 - sqrt(5000 / 5002) = 0.0002.
    const means = [0, 0.02, 1, 1.02]
    expect(findShift(means, 0.000201, unknownVariance)).toEqual({ index: 2, size: 1 })
    expect(findShift(means, 0.000199, unknownVariance)).toBeNull()
  })

  it('shares the error among the splits', () => {
    // With a fifth job there are two splits: the same p must be half as large.
    const means = [0, 0.02, 1, 1.02, 1.01]
    const found = findShift(means, 0.01, unknownVariance)
    expect(found?.index).toBe(2)
    expect(found?.size).toBeCloseTo(1, 12)
  })

  it('finds a new level in the last two jobs, and a lower one', () => {
    expect(findShift([0, 0.01, -0.01, 0, 0.01, -0.01, 0.5, 0.49], 0.001, unknownVariance)?.index).toBe(6)
    expect(findShift([0, 0.01, -0.4, -0.41, -0.4, -0.39], 0.001, unknownVariance)?.size).toBeCloseTo(-0.405, 12)
  })

  it('never believes one job alone, at either end', () => {
    expect(findShift([0, 0.01, -0.01, 0, 0.01, -0.01, 0, 1], 0.01, unknownVariance)).toBeNull()
    expect(findShift([1, 0.01, -0.01, 0, 0.01, -0.01, 0, 0.005], 0.01, unknownVariance)).toBeNull()
  })

  it.each([
    ['no jobs', []],
    ['three jobs', [0, 0, 1]],
    ['no spread at all', [1, 1, 2, 2]],
    ['the same numbers', [1, 1, 1, 1, 1, 1]],
    ['a value that is none', [0, 0.01, Number.NaN, 1, 1.01]],
  ])('finds nothing in %s', (_, means) => {
    expect(findShift(means, 0.5, unknownVariance)).toBeNull()
  })

  it.each([4, 8])('is wrong at most as often as it may be, for %i jobs of one level', (jobs) => {
    const [runs, error] = [4000, 0.05]
    const wrong = Array.from({ length: runs }, () => findShift(normals(jobs), error, unknownVariance)).filter(Boolean)
    expect(wrong.length / runs).toBeLessThan(error + 3 * Math.sqrt((error * (1 - error)) / runs))
    // Bonferroni over overlapping splits is careful, not idle.
    expect(wrong.length / runs).toBeGreaterThan(error / 5)
  })

  it('sees more with what peers know of the noise', () => {
    const shifted = () => [...normals(4), ...normals(4).map((value) => value + 3)]
    const runs = Array.from({ length: 400 }, shifted)
    const caught = (prior: { value: number; degrees: number }) =>
      runs.filter((means) => findShift(means, 0.01, prior)?.index === 4).length
    expect(caught({ value: 1, degrees: 16 })).toBeGreaterThan(1.3 * caught(unknownVariance))
  })
})
