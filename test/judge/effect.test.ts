import { describe, expect, it } from 'vitest'
import { effectOf, halfWidth95, upperBound } from '../../src/judge/effect.ts'
import { unknownVariance } from '../../src/stats/moderated-variance.ts'

describe('effectOf', () => {
  it('is the paired t interval: 2 plus or minus 4.303 / sqrt(3) for 1, 2, 3', () => {
    const effect = effectOf([1, 2, 3], unknownVariance)
    expect(effect).toMatchObject({ estimate: 2, degrees: 2 })
    // t(0.975, 2) = 4.3027 and t(0.95, 2) = 2.9200, NIST/SEMATECH e-Handbook 1.3.6.7.2.
    expect(effect && halfWidth95(effect)).toBeCloseTo(4.3027 / Math.sqrt(3), 3)
    expect(effect && upperBound(effect, 0.95)).toBeCloseTo(2 + 2.92 / Math.sqrt(3), 3)
  })

  it('reads few pairs with what was known before', () => {
    const effect = effectOf([0.5], { value: 0.25, degrees: 8 })
    expect(effect).toEqual({ estimate: 0.5, standardError: 0.5, degrees: 8 })
  })

  it('is null when nothing is known of the spread, and without any pair', () => {
    expect(effectOf([0.5], unknownVariance)).toBeNull()
    expect(effectOf([], { value: 1, degrees: 8 })).toBeNull()
  })
})
