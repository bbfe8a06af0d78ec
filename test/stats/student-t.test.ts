import { describe, expect, it } from 'vitest'
import { fisherUpperTail } from '../../src/stats/fisher-f.ts'
import { studentCdf, studentQuantile } from '../../src/stats/student-t.ts'

describe('studentQuantile', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.2, critical values of Student's t.
  it.each([
    { p: 0.975, degrees: 1, expected: 12.706 },
    { p: 0.99, degrees: 1, expected: 31.821 },
    { p: 0.95, degrees: 2, expected: 2.92 },
    { p: 0.99, degrees: 3, expected: 4.541 },
    { p: 0.975, degrees: 7, expected: 2.365 },
    { p: 0.99, degrees: 13, expected: 2.65 },
    { p: 0.9, degrees: 30, expected: 1.31 },
    { p: 0.999, degrees: 100, expected: 3.174 },
  ])('is $expected at p = $p with $degrees degrees of freedom', ({ p, degrees, expected }) => {
    expect(Math.abs(studentQuantile(p, degrees) - expected)).toBeLessThan(6e-4)
  })

  it('is the normal quantile with infinite degrees of freedom', () => {
    expect(studentQuantile(0.975, Number.POSITIVE_INFINITY)).toBeCloseTo(1.95996398, 5)
  })

  it('is 0 in the middle and mirrored below it', () => {
    expect(studentQuantile(0.5, 4)).toBe(0)
    expect(studentQuantile(0.025, 4)).toBe(-studentQuantile(0.975, 4))
  })

  it('inverts the distribution function, far into the tail too', () => {
    for (const degrees of [1, 2.5, 8, 24, 1000]) {
      for (const p of [0.0005, 0.2, 0.6, 0.9713, 0.9999]) {
        expect(studentCdf(studentQuantile(p, degrees), degrees)).toBeCloseTo(p, 11)
      }
    }
  })

  it.each([
    [0, 5],
    [1, 5],
    [Number.NaN, 5],
    [0.9, 0],
    [0.9, Number.NaN],
  ])('refuses p = %s with %s degrees of freedom', (p, degrees) => {
    expect(() => studentQuantile(p, degrees)).toThrow(RangeError)
  })
})

describe('studentCdf', () => {
  it('is the Cauchy distribution with one degree of freedom', () => {
    for (const t of [-3, -0.5, 0, 1, 20]) expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12)
  })

  it('ends at 0 and 1, and refuses NaN', () => {
    expect(studentCdf(Number.NEGATIVE_INFINITY, 3)).toBe(0)
    expect(studentCdf(Number.POSITIVE_INFINITY, 3)).toBe(1)
    expect(() => studentCdf(Number.NaN, 3)).toThrow('NaN')
  })
})

describe('fisherUpperTail', () => {
  // NIST/SEMATECH e-Handbook, section 1.3.6.7.3, upper critical values of F at 5 % and 1 %.
  it.each([
    { ratio: 4.066, of: [3, 8], expected: 0.05 },
    { ratio: 7.591, of: [3, 8], expected: 0.01 },
  ])('is $expected at $ratio with $of degrees of freedom', ({ ratio, of, expected }) => {
    expect(fisherUpperTail(ratio, of[0] ?? 0, of[1] ?? 0)).toBeCloseTo(expected, 3)
  })

  it('is the square of Student s t', () => {
    expect(fisherUpperTail(2.2 ** 2, 1, 9)).toBeCloseTo(2 * (1 - studentCdf(2.2, 9)), 12)
  })

  it('is 1 at nothing, 0 at infinity, and refuses NaN', () => {
    expect(fisherUpperTail(0, 3, 8)).toBe(1)
    expect(fisherUpperTail(Number.POSITIVE_INFINITY, 3, 8)).toBe(0)
    expect(() => fisherUpperTail(Number.NaN, 3, 8)).toThrow('NaN')
  })
})
