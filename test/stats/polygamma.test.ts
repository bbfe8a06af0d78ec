import { describe, expect, it } from 'vitest'
import { digamma, trigamma, trigammaInverse } from '../../src/stats/polygamma.ts'

const eulerGamma = 0.5772156649015329

describe('digamma and trigamma', () => {
  // Closed forms: https://dlmf.nist.gov/5.4.12, 5.4.13 and 5.15.2, 5.15.3.
  it.each([
    { x: 1, psi: -eulerGamma, psi1: Math.PI ** 2 / 6 },
    { x: 0.5, psi: -eulerGamma - 2 * Math.LN2, psi1: Math.PI ** 2 / 2 },
    { x: 2, psi: 1 - eulerGamma, psi1: Math.PI ** 2 / 6 - 1 },
  ])('have their closed form at $x', ({ x, psi, psi1 }) => {
    expect(digamma(x)).toBeCloseTo(psi, 12)
    expect(trigamma(x)).toBeCloseTo(psi1, 12)
  })

  it('follow their recurrences for large arguments', () => {
    for (const x of [11.5, 12, 40, 1000]) {
      expect(digamma(x + 1) - digamma(x)).toBeCloseTo(1 / x, 12)
      expect(trigamma(x) - trigamma(x + 1)).toBeCloseTo(1 / x ** 2, 12)
    }
  })

  it('are undone by the inverse', () => {
    for (const x of [0.02, 0.5, 1, 8, 500]) expect(trigammaInverse(trigamma(x)) / x).toBeCloseTo(1, 9)
  })
})
