import { describe, expect, it } from 'vitest'
import { incompleteBeta } from '../../src/stats/incomplete-beta.ts'

/** Simpson's rule on the density: slow, and shares nothing with the continued fraction. */
function integrate(x: number, a: number, b: number): number {
  const density = (t: number) => t ** (a - 1) * (1 - t) ** (b - 1)
  const simpson = (upper: number) => {
    const steps = 20_000
    let total = density(0) + density(upper)
    for (let i = 1; i < steps; i++) total += density((upper * i) / steps) * (i % 2 ? 4 : 2)
    return (total * upper) / (3 * steps)
  }
  return simpson(x) / simpson(1)
}

describe('incompleteBeta', () => {
  it.each([
    // Closed forms: I_x(1, b) = 1 - (1 - x)^b, I_x(a, 1) = x^a, I_x(2, 2) = 3x^2 - 2x^3, arcsine law at 1/2, 1/2.
    { x: 0.3, a: 1, b: 4, expected: 1 - 0.7 ** 4 },
    { x: 0.3, a: 5, b: 1, expected: 0.3 ** 5 },
    { x: 0.4, a: 2, b: 2, expected: 3 * 0.16 - 2 * 0.064 },
    { x: 0.25, a: 0.5, b: 0.5, expected: 1 / 3 },
    // Binomial tail: P(X >= 3 of 10 at 0.2) = I_0.2(3, 8) = 0.3222004736.
    { x: 0.2, a: 3, b: 8, expected: 0.3222004736 },
  ])('is exact where a closed form exists: I($x; $a, $b)', ({ x, a, b, expected }) => {
    expect(incompleteBeta(x, a, b)).toBeCloseTo(expected, 12)
  })

  it.each([
    { x: 0.9, a: 27.9, b: 3.1 },
    { x: 0.95, a: 298, b: 3.01 },
    { x: 0.5, a: 15.5, b: 15.5 },
    { x: 0.02, a: 2.5, b: 60 },
  ])('agrees with numerical integration: I($x; $a, $b)', ({ x, a, b }) => {
    expect(incompleteBeta(x, a, b)).toBeCloseTo(integrate(x, a, b), 8)
  })

  it('is 0 and 1 at the ends, and symmetric', () => {
    expect(incompleteBeta(0, 2, 3)).toBe(0)
    expect(incompleteBeta(1, 2, 3)).toBe(1)
    expect(incompleteBeta(0.37, 4.2, 1.7) + incompleteBeta(0.63, 1.7, 4.2)).toBeCloseTo(1, 14)
  })

  it.each([
    [-0.1, 1, 1],
    [1.1, 1, 1],
    [Number.NaN, 1, 1],
    [0.5, 0, 1],
    [0.5, 1, Number.NaN],
  ])('refuses what has no value: (%s, %s, %s)', (x, a, b) => {
    expect(() => incompleteBeta(x, a, b)).toThrow(RangeError)
  })
})
