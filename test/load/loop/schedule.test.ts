import { mean, sampleStandardDeviation } from 'simple-statistics'
import { describe, expect, test } from 'vitest'
import { gammaOfMeanOne } from '../../../src/load/loop/gamma.ts'
import { endlessArrivals, makeSchedule } from '../../../src/load/loop/schedule.ts'
import { randomFrom } from '../../../src/load/prompts/random.ts'
import { seededRandom } from '../../../src/stats/random.ts'

const draws = 20_000

const sampleOf = (shape: number): number[] => {
  const random = randomFrom(`gamma/${shape}`)
  return Array.from({ length: draws }, () => gammaOfMeanOne(shape, random))
}

/** Largest distance between the sample's distribution and a given one (Kolmogorov 1933). */
function kolmogorovSmirnov(values: readonly number[], cdf: (x: number) => number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted.reduce((worst, value, index) => {
    const expected = cdf(value)
    return Math.max(worst, Math.abs(expected - index / values.length), Math.abs((index + 1) / values.length - expected))
  }, 0)
}

/** Abramowitz and Stegun (1964), 7.1.26: absolute error below 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * x)
  const sum = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429].reduceRight(
    (acc, a) => (acc + a) * t,
    0,
  )
  return 1 - sum * Math.exp(-x * x)
}

/** Distribution functions of gamma with mean 1 where they have a closed form (integer shapes: Erlang). */
const closedForms: Readonly<Record<number, (x: number) => number>> = {
  // Half a chi-square of one degree, scaled to mean 1: P(Z^2 <= x).
  0.5: (x) => erf(Math.sqrt(x / 2)),
  1: (x) => 1 - Math.exp(-x),
  2: (x) => 1 - Math.exp(-2 * x) * (1 + 2 * x),
  4: (x) => 1 - Math.exp(-4 * x) * (1 + 4 * x + 8 * x ** 2 + (32 / 3) * x ** 3),
}

/** The method of gamma.ts with every draw written out, in its order; a draw may be 0, and 1 minus it may not. */
function gammaByTheBook(shape: number, draw: () => number): number {
  if (shape === 1) return -Math.log(1 - draw())
  const shrunk = shape < 1 ? Math.exp(Math.log(1 - draw()) / shape) : 1
  const d = (shape < 1 ? shape + 1 : shape) - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - draw()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return (d * v * shrunk) / shape
  }
}

describe('gaps between arrivals', () => {
  test.each([0.3, 1, 2.5])('of burstiness %s and a seed stay what they were, to the last bit', (shape) => {
    const [random, draws] = [seededRandom(8), seededRandom(8)]
    for (let turn = 0; turn < 5000; turn += 1) expect(gammaOfMeanOne(shape, random)).toBe(gammaByTheBook(shape, draws))
  })

  test.each(Object.entries(closedForms))('of burstiness %s follow the gamma distribution', (shape, cdf) => {
    // The 99.9 % point of the Kolmogorov distribution is 1.95 / sqrt(n); the seed is fixed, so this cannot flicker.
    expect(kolmogorovSmirnov(sampleOf(Number(shape)), cdf)).toBeLessThan(1.95 / Math.sqrt(draws))
  })

  test('the check itself tells burstiness 1 from 1.1', () => {
    const poisson = closedForms[1] as (x: number) => number
    expect(kolmogorovSmirnov(sampleOf(1.1), poisson)).toBeGreaterThan(1.95 / Math.sqrt(draws))
  })

  test.each([0.1, 0.5, 1, 3, 50])('of burstiness %s have mean 1 and a coefficient of variation of 1 / sqrt(b)', (b) => {
    const sample = sampleOf(b)
    // Four standard errors: of the mean sd / sqrt(n); of the sd, by the gamma's excess kurtosis of 6 / b.
    const sd = 1 / Math.sqrt(b)
    expect(Math.abs(mean(sample) - 1)).toBeLessThan((4 * sd) / Math.sqrt(draws))
    const relativeErrorOfSd = Math.sqrt((2 + 6 / b) / (4 * draws))
    expect(Math.abs(sampleStandardDeviation(sample) / sd - 1)).toBeLessThan(4 * relativeErrorOfSd)
    expect(sample.every((gap) => gap >= 0 && Number.isFinite(gap))).toBe(true)
  })

  test('of different turns do not hang together', () => {
    const sample = sampleOf(1)
    const products = sample.slice(1).map((gap, index) => (gap - 1) * ((sample[index] ?? 0) - 1))
    // The lag-1 correlation of independent draws has a standard error of 1 / sqrt(n).
    expect(Math.abs(mean(products))).toBeLessThan(4 / Math.sqrt(draws))
  })
})

describe('a schedule', () => {
  const poisson = { requestsPerSecond: 8, burstiness: 1 }

  test.each([null, 0.01, 0.3, 1, 7])('of burstiness %s ascends, and ends at count / rate exactly', (burstiness) => {
    const schedule = makeSchedule({ requestsPerSecond: 8, burstiness }, 60, randomFrom('a'))
    expect(schedule).toHaveLength(60)
    expect(schedule.at(-1)).toBe(7500)
    expect([...schedule]).toEqual([...schedule].toSorted((a, b) => a - b))
    expect(schedule[0]).toBeGreaterThanOrEqual(0)
  })

  test('of constant arrivals has equal gaps, the first of them before the first request', () => {
    const schedule = makeSchedule({ requestsPerSecond: 4, burstiness: null }, 4, randomFrom('a'))
    expect([...schedule]).toEqual([250, 500, 750, 1000])
  })

  test('is the same for the same seed, and another for another', () => {
    const once = makeSchedule(poisson, 50, randomFrom('1/cell'))
    expect(makeSchedule(poisson, 50, randomFrom('1/cell'))).toEqual(once)
    expect(makeSchedule(poisson, 50, randomFrom('2/cell'))).not.toEqual(once)
  })

  test('scales the gaps together: their proportions stay', () => {
    const slow = makeSchedule(poisson, 50, randomFrom('x'))
    const fast = makeSchedule({ ...poisson, requestsPerSecond: 80 }, 50, randomFrom('x'))
    for (const [index, offset] of slow.entries()) expect(fast[index]).toBeCloseTo(offset / 10, 9)
  })

  test('whose gaps all came out as nothing is one burst at the end of its time', () => {
    const never = () => 0
    expect([...makeSchedule(poisson, 3, never)]).toEqual([375, 375, 375])
  })
})

describe('arrivals of the warm-up', () => {
  test('keep the rate without end', () => {
    const next = endlessArrivals({ requestsPerSecond: 100, burstiness: 1 }, 0, randomFrom('w'))
    let last = 0
    for (let index = 0; index < 10_000; index += 1) last = next()
    // 10,000 gaps of mean 10 ms: 100 s, with a standard error of 1 s.
    expect(Math.abs(last - 100_000)).toBeLessThan(4000)
  })

  test('rise evenly during a ramp: half the requests in it, and its first half has a quarter of them', () => {
    const next = endlessArrivals({ requestsPerSecond: 100, burstiness: null }, 10_000, randomFrom('w'))
    const offsets = Array.from({ length: 700 }, next)
    const before = (ms: number) => offsets.filter((offset) => offset <= ms).length
    expect(before(10_000)).toBe(500)
    expect(before(5_000)).toBe(125)
    // From then on the whole rate.
    expect(before(11_000)).toBe(600)
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b))
  })
})
