import { describe, expect, it } from 'vitest'
import { fitPeers, moderate, poolVariances, unknownVariance, varianceOf } from '../../src/stats/moderated-variance.ts'
import { normal } from '../../src/stats/normal.ts'
import { seededRandom } from '../../src/stats/random.ts'

describe('varianceOf', () => {
  it('is the sample variance with one degree of freedom less than values', () => {
    expect(varianceOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ value: 32 / 7, degrees: 7 })
  })

  it('is unknown for none or one value, and zero for equal ones', () => {
    expect(varianceOf([])).toBe(unknownVariance)
    expect(varianceOf([3])).toBe(unknownVariance)
    expect(varianceOf([3, 3, 3])).toEqual({ value: 0, degrees: 2 })
  })
})

describe('poolVariances', () => {
  it('weighs by degrees of freedom', () => {
    expect(
      poolVariances([
        { value: 1, degrees: 3 },
        { value: 5, degrees: 1 },
      ]),
    ).toEqual({ value: 2, degrees: 4 })
  })

  it('knows nothing from nothing', () => {
    expect(poolVariances([])).toBe(unknownVariance)
    expect(poolVariances([unknownVariance, unknownVariance])).toBe(unknownVariance)
  })
})

describe('moderate', () => {
  it('is limma s posterior variance: (d0 s0^2 + d s^2) / (d0 + d)', () => {
    expect(moderate({ value: 2, degrees: 3 }, { value: 1, degrees: 9 })).toEqual({ value: 1.25, degrees: 12 })
  })

  it('is the one that is known when the other is not', () => {
    expect(moderate({ value: 2, degrees: 3 }, unknownVariance)).toEqual({ value: 2, degrees: 3 })
    expect(moderate(unknownVariance, { value: 1, degrees: 9 })).toEqual({ value: 1, degrees: 9 })
    expect(moderate(unknownVariance, unknownVariance)).toBe(unknownVariance)
  })

  it('drops a prior that is clearly too small: F(3, 8) of 7.6 is 1 % of chance', () => {
    const prior = { value: 1, degrees: 8 }
    expect(moderate({ value: 7.5, degrees: 3 }, prior).degrees).toBe(11)
    expect(moderate({ value: 7.7, degrees: 3 }, prior)).toEqual({ value: 7.7, degrees: 3 })
    expect(moderate({ value: 0.1, degrees: 3 }, { value: 0, degrees: 8 })).toEqual({ value: 0.1, degrees: 3 })
  })
})

describe('fitPeers', () => {
  const draw = (random: () => number, variance: number, degrees: number) => {
    let squares = 0
    for (let i = 0; i < degrees; i++) squares += normal(random) ** 2
    return { value: (variance * squares) / degrees, degrees }
  }

  it('finds the common variance of peers that are alike, and trusts it up to its limit', () => {
    const random = seededRandom(2)
    const fitted = fitPeers(Array.from({ length: 400 }, () => draw(random, 4, 8)))
    expect(fitted.degrees).toBe(16)
    expect(Math.abs(fitted.value - 4)).toBeLessThan(0.4)
  })

  it('hardly trusts peers that differ a hundredfold', () => {
    const random = seededRandom(3)
    const fitted = fitPeers(Array.from({ length: 400 }, (_, i) => draw(random, i % 2 ? 100 : 1, 8)))
    expect(fitted.degrees).toBeGreaterThan(0)
    expect(fitted.degrees).toBeLessThan(1)
  })

  it('recovers the degrees of freedom of the prior they were drawn from', () => {
    // Smyth s model: 1 / variance is chi-squared with d0 = 6 degrees around 1 / s0^2.
    const random = seededRandom(4)
    const peers = Array.from({ length: 3000 }, () => draw(random, 2 / draw(random, 1, 6).value, 8))
    const fitted = fitPeers(peers)
    expect(Math.abs(fitted.degrees - 6)).toBeLessThan(1)
    expect(Math.abs(fitted.value - 2)).toBeLessThan(0.2)
  })

  it('says nothing of fewer than three, or when one has no spread', () => {
    const peer = { value: 1, degrees: 4 }
    expect(fitPeers([])).toBe(unknownVariance)
    expect(fitPeers([peer, peer])).toBe(unknownVariance)
    expect(fitPeers([peer, peer, { value: 0, degrees: 4 }])).toBe(unknownVariance)
  })
})
