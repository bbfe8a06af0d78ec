import { describe, expect, it } from 'vitest'
import { type Cell, cellsOf } from '../../src/judge/cells.ts'
import { upperBound } from '../../src/judge/effect.ts'
import { clearedBelow, clearingAt, convictingAt } from '../../src/judge/hurdles.ts'
import { clearingOf, plannedLooks } from '../../src/judge/looks.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { normal } from '../../src/stats/normal.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { signFlipMaxT } from '../../src/stats/sign-flip.ts'
import { scenario } from './evidence.ts'

/** Moderated t of these differences, as the test itself computes it. */
function tOf(differences: readonly number[], prior: { readonly value: number; readonly degrees: number }): number {
  const n = differences.length
  const mean = differences.reduce((total, value) => total + value, 0) / n
  const around = differences.reduce((total, value) => total + (value - mean) ** 2, 0)
  return (mean * Math.sqrt(n)) / Math.sqrt((around + prior.degrees * prior.value) / (n - 1 + prior.degrees))
}

describe('what a look demands to convict', () => {
  it('is nothing that can be had where not one sign flip is allowed', () => {
    expect(convictingAt({ pairs: 6, share: 0.01 }, { priorDegrees: 10, family: 2 })).toBeNull()
    expect(convictingAt({ pairs: 8, share: 0 }, { priorDegrees: 10, family: 2 })).toBeNull()
  })

  it.each([
    ['every pair, where the only flip allowed is the observed one', 8, 1 / 256, 1],
    ['the two smallest together, where one more is', 8, 0.01, 2],
    ['t alone, where many are', 14, 0.0015, null],
  ] as const)('is %s', (_, pairs, share, smallest) => {
    expect(convictingAt({ pairs, share }, { priorDegrees: 10, family: 2 })).toMatchObject({ smallest })
  })

  it('counts flips as the real test does: at most two reach the observed sum where the two smallest add up to more than 0', () => {
    const random = seededRandom(12)
    const prior = { value: 1, degrees: 20 }
    for (let run = 0; run < 200; run++) {
      const differences = Array.from({ length: 8 }, () => 1.3 + normal(random))
      const [least = 0, second = 0] = differences.toSorted((a, b) => a - b)
      const [p = 1] = signFlipMaxT([{ differences, prior }]).above
      expect(p * 256 <= 1 + 1e-9).toBe(least > 0)
      expect(p * 256 <= 2 + 1e-9).toBe(least + second > 0)
    }
  })

  it.each([1, 6, 18])('grows with the family, here of %s', (family) => {
    const look = { pairs: 14, share: 0.0015 }
    const at = (size: number) => convictingAt(look, { priorDegrees: 20, family: size })?.t ?? 0
    expect(at(family + 1)).toBeGreaterThan(at(family))
  })

  it.each([
    [14, 6],
    [14, 18],
  ])('is about where the real test of %s pairs and %s cells begins to convict', (pairs, family) => {
    const look = plannedLooks({ maxPairs: 18 }).find((planned) => planned.pairs === pairs)
    if (!look) throw new Error('expected a look')
    const prior = { value: 1, degrees: 20 }
    const demanded = convictingAt(look, { priorDegrees: prior.degrees, family })?.t ?? Number.NaN
    const random = seededRandom(pairs + family)
    const noise = () => Array.from({ length: pairs }, () => normal(random))
    const outcomes = Array.from({ length: 40 }, () => {
      // Slow by what makes its t about as large as demanded, a little more or less.
      const slow = noise().map((value) => value + demanded / Math.sqrt(pairs))
      const columns = [slow, ...Array.from({ length: family - 1 }, noise)]
      const [p = 1] = signFlipMaxT(columns.map((differences) => ({ differences, prior }))).above
      return { t: tOf(slow, prior), isConvicted: p <= look.share }
    })
    for (const { t, isConvicted } of outcomes) {
      if (t > demanded * 1.25) expect(isConvicted, `t = ${t}`).toBe(true)
      if (t < demanded * 0.8) expect(isConvicted, `t = ${t}`).toBe(false)
    }
  })
})

describe('what a look demands to clear', () => {
  const [cell, , all] = cellsOf([scenario('a'), scenario('b')], defaultPolicy) as [Cell, Cell, Cell]
  const [first] = plannedLooks({ maxPairs: 18 })
  if (!first) throw new Error('expected a look')

  it('is the t of its confidence: less for all scenarios together', () => {
    // Student's t of 10 degrees: 2.764 at 99 %, 2.120 at 97 %.
    expect(clearingAt(cell, first, 10)).toBeCloseTo(2.764, 3)
    expect(clearingAt(all, first, 10)).toBeCloseTo(2.12, 2)
    expect(clearingAt(cell, first, 0)).toBe(Number.POSITIVE_INFINITY)
  })

  it('ends at the margin, however sure the estimate', () => {
    expect(clearedBelow(cell, 2.764, 0)).toBe(cell.marginLog)
    expect(clearedBelow(cell, 2.764, 0.1)).toBeCloseTo(Math.log(1.2) - 0.2764, 12)
  })

  it('is what the bound of the estimate says: it stays under the promised effect, and no margin is passed', () => {
    const random = seededRandom(3)
    let cleared = 0
    for (let run = 0; run < 500; run++) {
      const effect = { estimate: 0.3 * (random() - 0.5), standardError: 0.1 * random(), degrees: 1 + 20 * random() }
      const bound = upperBound(effect, clearingOf(first, cell))
      const isCleared = effect.estimate < cell.marginLog && bound < cell.promisedLog
      const limit = clearedBelow(cell, clearingAt(cell, first, effect.degrees), effect.standardError)
      expect(effect.estimate < limit).toBe(isCleared)
      cleared += Number(isCleared)
    }
    expect(cleared).toBeGreaterThan(50)
    expect(cleared).toBeLessThan(450)
  })
})
