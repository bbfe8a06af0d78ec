import { describe, expect, test } from 'vitest'
import { betaWeights, densestStart } from '../../bench/tail/estimators/beta-weights.ts'
import { tailEstimators } from '../../bench/tail/estimators/index.ts'
import { type SortedSample, sortSample } from '../../src/stats/harrell-davis.ts'
import { incompleteBeta } from '../../src/stats/incomplete-beta.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { studentQuantile } from '../../src/stats/student-t.ts'

const named = tailEstimators.map((estimator) => [estimator.name, estimator] as const)

function estimate(name: string, sample: SortedSample, p: number): number {
  const found = tailEstimators.find((estimator) => estimator.name.startsWith(name))
  if (!found) throw new Error(`expected an estimator "${name}"`)
  return found.prepare(sample.length, p)(sample)
}

/** A sample that has exactly the shape of a distribution: its quantiles at the middle of n equal parts. */
function shapedLike(quantile: (p: number) => number, n: number): SortedSample {
  return sortSample(Array.from({ length: n }, (_, index) => quantile((index + 0.5) / n)))
}

const upTo = (n: number) => sortSample(Array.from({ length: n }, (_, index) => index + 1))
const exponential = (p: number) => -Math.log(1 - p)
/** Scale 1; shape 0.2 is heavier than exponential. */
const pareto = (p: number) => ((1 - p) ** -0.2 - 1) / 0.2

describe('every estimator', () => {
  test.for(named)('%s of equal values is that value', ([, { prepare }]) => {
    expect(prepare(300, 0.99)(sortSample(Array.from({ length: 300 }, () => 7)))).toBeCloseTo(7, 9)
  })

  test.for(named)('%s does not care for the unit of time', ([, { prepare }]) => {
    const random = seededRandom(3)
    const values = Array.from({ length: 130 }, () => 100 * Math.exp(0.5 * random()))
    const inMs = prepare(130, 0.95)(sortSample(values))
    const inSeconds = prepare(130, 0.95)(sortSample(values.map((value) => value / 1000)))
    expect(inSeconds * 1000).toBeCloseTo(inMs, 8)
  })

  test.for(named)('%s finds the P90 of a large exponential sample: ln 10 times its mean', ([name, { prepare }]) => {
    const found = prepare(5000, 0.9)(shapedLike((p) => 1 + exponential(p), 5000))
    // Only the fit of another distribution may miss it.
    const tolerance = name.startsWith('lognormal') ? 0.2 : 0.02
    expect(Math.abs(found / (1 + Math.log(10)) - 1)).toBeLessThan(tolerance)
  })
})

describe('order statistics', () => {
  test('P99 of 1 to 100 is the 99th, and of 1 to 300 the 297th', () => {
    expect(estimate('nearest rank', upTo(100), 0.99)).toBe(99)
    expect(estimate('nearest rank', upTo(300), 0.99)).toBe(297)
  })

  test('between two values type 7 is a straight line: P90 of 1 to 12 is 10.9', () => {
    expect(estimate('linear', upTo(12), 0.9)).toBeCloseTo(10.9, 12)
  })

  test('the mean around P99 of 300 is that of ranks 295 to 299', () => {
    const values = Array.from({ length: 300 }, (_, index) =>
      index < 294 ? 0 : ([1, 2, 4, 8, 16, 1000][index - 294] ?? 0),
    )
    expect(estimate('mean of', sortSample(values), 0.99)).toBeCloseTo((1 + 2 + 4 + 8 + 16) / 5, 12)
  })
})

describe('weights of the Beta distribution', () => {
  test('without a cut they are Harrell-Davis, and the logarithms use the same', () => {
    const random = seededRandom(1)
    const sample = sortSample(Array.from({ length: 64 }, () => 1 + random()))
    const sum = betaWeights(64, 0.9, 0, 1).reduce((total, weight, index) => total + weight * (sample[index] ?? 0), 0)
    expect(estimate('Harrell-Davis', sample, 0.9)).toBeCloseTo(sum, 10)
    const powers = sortSample(sample.map(Math.exp))
    expect(estimate('Harrell-Davis of the logarithms', powers, 0.9)).toBeCloseTo(Math.exp(sum), 9)
  })

  test.for([
    [298, 3, 0.01],
    [59, 7, 0.1],
    [65.5, 65.5, 0.05],
  ] as const)('of all stretches the chosen one holds most: Beta(%d, %d), width %d', ([a, b, width]) => {
    const mass = (from: number) => incompleteBeta(Math.min(1, from + width), a, b) - incompleteBeta(from, a, b)
    const starts = Array.from({ length: 2000 }, (_, index) => (index / 2000) * (1 - width))
    const best = Math.max(...starts.map(mass))
    expect(mass(densestStart(a, b, width))).toBeGreaterThanOrEqual(best - 1e-9)
  })

  test('the narrow cut leaves less to the largest of 300 values, and the weights still add up to one', () => {
    const spike = sortSample([...Array.from({ length: 299 }, () => 1), 1e6])
    const whole = estimate('Harrell-Davis', spike, 0.99)
    expect(estimate('trimmed Harrell-Davis, width', spike, 0.99) / whole).toBeCloseTo(1, 2)
    expect(estimate('trimmed Harrell-Davis, narrow', spike, 0.99)).toBeLessThan(0.8 * whole)
    const [from, width] = [densestStart(297.99, 3.01, 0.0115), 0.0115]
    const total = betaWeights(300, 0.99, from, from + width).reduce((sum, weight) => sum + weight, 0)
    expect(total).toBeCloseTo(1, 12)
  })
})

test('Sfakianakis-Verginis by hand: the median of 1, 2, 10 weighs 1/4, 1/2, 1/4', () => {
  // B = 1/8, 3/8, 3/8, 1/8; x1: 1/16 + 1/4 - 1/16, x2: 1/16 + 3/8 + 1/16, x3: the mirror image of x1.
  expect(estimate('Sfakianakis', sortSample([1, 2, 10]), 0.5)).toBeCloseTo(0.25 + 1 + 2.5, 12)
})

test('the kernel is even around the rank, and lets nothing fall off the end', () => {
  expect(estimate('kernel', upTo(999), 0.5)).toBeCloseTo(500, 6)
  expect(estimate('kernel', sortSample([...Array.from({ length: 63 }, () => 5), 5]), 0.98)).toBeCloseTo(5, 12)
})

describe('generalised Pareto', () => {
  test.for(['generalised Pareto, weighted moments', 'generalised Pareto, Zhang-Stephens'])(
    '%s finds the P99 of its own distribution, of an exponential and of a bounded one',
    (name) => {
      const p99 = (quantile: (p: number) => number) => estimate(name, shapedLike(quantile, 3000), 0.99) / quantile(0.99)
      expect(Math.abs(p99(pareto) - 1)).toBeLessThan(0.03)
      expect(Math.abs(p99(exponential) - 1)).toBeLessThan(0.03)
      expect(Math.abs(p99((p) => 1 + p) - 1)).toBeLessThan(0.01)
    },
  )

  test('a clock too coarse for a fit gives the plain rank', () => {
    const coarse = sortSample(Array.from({ length: 300 }, (_, index) => (index < 270 ? 10 : 12)))
    expect(estimate('generalised Pareto, Zhang-Stephens', coarse, 0.99)).toBe(12)
  })
})

test('the lognormal fit finds the P99 of a lognormal distribution', () => {
  const quantile = (p: number) => 100 * Math.exp(0.4 * studentQuantile(p, Number.POSITIVE_INFINITY))
  // 2.326348 is the P99 of the standard normal distribution, from any table.
  expect(estimate('lognormal', shapedLike(quantile, 2000), 0.99) / (100 * Math.exp(0.4 * 2.326348))).toBeCloseTo(1, 2)
})
