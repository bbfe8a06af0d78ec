import { describe, expect, it } from 'vitest'
import { errorBudget, looksAt, plannedLooks, plannedPairs } from '../../src/judge/looks.ts'

describe('plannedLooks', () => {
  it('looks often, and only clears before 8 pairs, where no sign-flip test could convict', () => {
    expect(plannedLooks(18).map(({ pairs }) => pairs)).toEqual([3, 4, 6, 8, 11, 14, 18])
    for (const { pairs, share } of plannedLooks(18)) expect(share > 0, `${pairs}`).toBe(pairs >= 8)
  })

  it.each(Array.from({ length: 20 }, (_, index) => index + 1))(
    'shares exactly one error budget with %s pairs at most',
    (maxPairs) => {
      const looks = plannedLooks(maxPairs)
      const spent = looks.reduce((total, { share }) => total + share, 0)
      expect(spent).toBeCloseTo(errorBudget, 12)
      expect(spent).toBeLessThanOrEqual(errorBudget + 1e-15)
      expect(looks.at(-1)?.pairs).toBe(Math.min(maxPairs, 18))
    },
  )

  it('gives each convicting look at least one sign flip of its own', () => {
    for (const { pairs, share } of plannedLooks(18).filter((look) => look.share > 0)) {
      expect(share * 2 ** pairs).toBeGreaterThanOrEqual(1)
    }
  })

  it.each([0, -3, Number.NaN])('survives a limit of %s', (maxPairs) => {
    expect(plannedLooks(maxPairs).map(({ pairs }) => pairs)).toEqual([1])
    expect(plannedPairs(maxPairs)).toBe(1)
  })
})

describe('plannedPairs', () => {
  it.each([
    [1, 1],
    [8, 8],
    [10.9, 10],
    [18, 18],
    [1000, 18],
  ])('of a limit of %s are %s: those of the last look', (maxPairs, pairs) => {
    expect(plannedPairs(maxPairs)).toBe(pairs)
    expect(plannedLooks(maxPairs).at(-1)?.pairs).toBe(pairs)
  })
})

describe('looksAt', () => {
  const at = (pairs: number, final: boolean) => looksAt(14, pairs, final).map((look) => look.pairs)

  it('waits for the next planned look while the run goes on', () => {
    expect(at(2, false)).toEqual([])
    expect(at(10, false)).toEqual([3, 4, 6, 8])
    expect(at(14, false)).toEqual([3, 4, 6, 8, 11, 14])
  })

  it('judges what there is when nothing more will come, in place of the next look', () => {
    expect(at(0, true)).toEqual([])
    expect(at(2, true)).toEqual([2])
    expect(at(8, true)).toEqual([3, 4, 6, 8])
    expect(at(10, true)).toEqual([3, 4, 6, 8, 10])
    const spent = looksAt(14, 10, true).reduce((total, { share }) => total + share, 0)
    expect(spent).toBeLessThanOrEqual(errorBudget)
  })
})
