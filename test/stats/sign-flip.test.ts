import { describe, expect, it } from 'vitest'
import { exponential } from '../../src/stats/exponential.ts'
import { unknownVariance } from '../../src/stats/moderated-variance.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { type FlipColumn, signFlipMaxT } from '../../src/stats/sign-flip.ts'

/** Every flip written out, every statistic from its definition, step-down by taking subsets: slow and obvious. */
function bruteForce(columns: readonly FlipColumn[]): number[] {
  const n = columns[0]?.differences.length ?? 0
  const statistic = ({ differences, prior }: FlipColumn, signs: readonly number[]) => {
    const flipped = differences.map((value, index) => value * (signs[index] ?? 1))
    const mean = flipped.reduce((a, b) => a + b, 0) / n
    const squares = flipped.reduce((total, value) => total + (value - mean) ** 2, 0)
    const variance = (squares + prior.degrees * prior.value) / (n - 1 + prior.degrees)
    return mean / Math.sqrt(variance / n)
  }
  const all = Array.from({ length: 2 ** n }, (_, bits) =>
    Array.from({ length: n }, (_, pair) => (bits & (1 << pair) ? -1 : 1)),
  )
  const observed = columns.map((column) => statistic(column, Array(n).fill(1)))
  const order = observed.map((_, index) => index).sort((a, b) => (observed[b] ?? 0) - (observed[a] ?? 0))
  const result: number[] = Array(columns.length).fill(1)
  let largest = 0
  for (const [rank, index] of order.entries()) {
    const rest = order.slice(rank).flatMap((other) => columns[other] ?? [])
    const reached = all.filter(
      (signs) => Math.max(...rest.map((column) => statistic(column, signs))) >= (observed[index] ?? 0) - 1e-9,
    )
    largest = Math.max(largest, reached.length / all.length)
    result[index] = largest
  }
  return result
}

const columns = (random: () => number, count: number, pairs: number, prior = unknownVariance): FlipColumn[] =>
  Array.from({ length: count }, (_, column) => ({
    differences: Array.from({ length: pairs }, () => random() - 0.5 + (column === 0 ? 0.4 : 0.05 * column)),
    prior,
  }))

describe('signFlipMaxT', () => {
  it.each([1, 2, 3, 4, 5, 6])('agrees with every flip written out (seed %s)', (seed) => {
    const random = seededRandom(seed)
    for (const prior of [unknownVariance, { value: 0.08, degrees: 12 }]) {
      const tested = columns(random, 4, 7, prior)
      const expected = bruteForce(tested)
      for (const [index, p] of signFlipMaxT(tested).above.entries())
        expect(p).toBeCloseTo(expected[index] ?? Number.NaN, 12)
    }
  })

  it('tests the other direction as the first one of the mirror image', () => {
    for (const pairs of [1, 2, 7]) {
      const tested = columns(seededRandom(pairs), 4, pairs, { value: 0.08, degrees: 12 })
      const mirrored = tested.map(({ differences, prior }) => ({ differences: differences.map((d) => -d), prior }))
      expect(signFlipMaxT(tested).below).toEqual(signFlipMaxT(mirrored).above)
    }
  })

  it('gives the smallest possible p, 1 of 2^n, when all pairs agree', () => {
    const differences = [1, 1.1, 0.9, 1.05, 0.95, 1.2, 0.8, 1]
    expect(signFlipMaxT([{ differences, prior: unknownVariance }]).above).toEqual([1 / 256])
  })

  it('gives Fisher s own p for Darwin s plants: 863 of 32768', () => {
    // Fisher (1935), "The Design of Experiments", section 21: differences in eighths of an inch.
    const differences = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    const [p] = signFlipMaxT([{ differences, prior: unknownVariance }]).above
    expect(p).toBe(863 / 32768)
  })

  it('is 1 for no difference at all, and never convicts one pair', () => {
    expect(signFlipMaxT([{ differences: [0, 0, 0, 0], prior: unknownVariance }]).above).toEqual([1])
    expect(signFlipMaxT([{ differences: [5], prior: unknownVariance }]).above).toEqual([0.5])
  })

  it('stays finite when all differences are equal', () => {
    const equal = { differences: Array(8).fill(0.3), prior: unknownVariance }
    const same = { differences: Array(8).fill(0.1), prior: unknownVariance }
    expect(signFlipMaxT([equal, same]).above).toEqual([1 / 256, 1 / 256])
  })

  it('says nothing of no columns', () => {
    expect(signFlipMaxT([])).toEqual({ above: [], below: [] })
  })

  it('does not depend on the order of columns or of pairs', () => {
    const tested = columns(seededRandom(9), 3, 8)
    const reversed = tested.map(({ differences, prior }) => ({ differences: differences.toReversed(), prior }))
    expect(signFlipMaxT(reversed.toReversed()).above.toReversed()).toEqual(signFlipMaxT(tested).above)
  })

  it('rejects a true null at most as often as promised, whatever the shape of the noise', () => {
    const random = seededRandom(5)
    const skewed = () => exponential(random) - exponential(random) ** 3 / 9
    let rejected = 0
    const runs = 2000
    for (let run = 0; run < runs; run++) {
      const tested = Array.from({ length: 5 }, () => ({
        differences: Array.from({ length: 7 }, () => skewed() - skewed()),
        prior: { value: 2, degrees: 8 },
      }))
      if (Math.min(...signFlipMaxT(tested).above) <= 0.05) rejected++
    }
    // 5 % of 2000, three standard deviations above.
    expect(rejected).toBeLessThan(100 + 3 * Math.sqrt(95))
    expect(rejected).toBeGreaterThan(30)
  })

  it('tests fourteen pairs of twenty columns exactly', () => {
    const tested = columns(seededRandom(3), 20, 14, { value: 0.08, degrees: 24 })
    for (const p of signFlipMaxT(tested).above) expect(Number.isInteger(p * 2 ** 14)).toBe(true)
  })

  it.each([
    ['uneven columns', [[1, 2], [1]]],
    ['a NaN', [[1, Number.NaN]]],
    ['an infinity', [[1, Number.POSITIVE_INFINITY]]],
    ['no pair', [[]]],
    ['too many pairs', [Array(21).fill(1)]],
  ])('refuses %s', (_, lists) => {
    const tested = lists.map((differences) => ({ differences, prior: unknownVariance }))
    expect(() => signFlipMaxT(tested)).toThrow(RangeError)
  })
})
