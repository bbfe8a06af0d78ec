import { describe, expect, it } from 'vitest'
import { type Cell, cellsOf } from '../../src/judge/cells.ts'
import { confirm } from '../../src/judge/confirm.ts'
import type { PairNoise } from '../../src/judge/hurdles.ts'
import type { Pair } from '../../src/judge/pairs.ts'
import { looksAfter, pairsToDecide, type Undecided, whatWouldDecide } from '../../src/judge/to-decide.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { normal } from '../../src/stats/normal.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { measured, scenario, trial } from './evidence.ts'

const [cell] = cellsOf([scenario('short')], defaultPolicy) as [Cell, ...Cell[]]
const noiseOf = (pairDeviation: number): PairNoise => ({ pairDeviation, priorDegrees: 24, family: 2 })

const undecided = (given: Partial<Undecided> = {}): Undecided => ({
  cell,
  noise: noiseOf(0.1),
  estimate: 0.02,
  pairs: 6,
  policy: { ...defaultPolicy, maxPairs: 18, budgetMinutes: 60 },
  minutesPerPair: 2.5,
  requests: 300,
  ...given,
})

const all = looksAfter(0, { maxPairs: 18 })
const needed = (deviation: number, slow: number) => pairsToDecide(cell, noiseOf(deviation), slow, all)

describe('how many pairs decide', () => {
  it('is fewer for less noise, and at least a first look', () => {
    expect(needed(0.01, 0)).toBe(3)
    expect(needed(0.15, 0) ?? 0).toBeGreaterThan(needed(0.06, 0) ?? 99)
  })

  it('is at least what an exact test needs for a slowdown that stands clear of the margin', () => {
    expect(needed(0.02, 0.25)).toBe(8)
  })

  it('is unknown where the largest design is too small', () => {
    expect(needed(0.4, 0)).toBeNull()
  })

  it('comes after what the run has had, in its own design first and in larger ones then', () => {
    expect(looksAfter(6, { maxPairs: 11 }).map(({ pairs }) => pairs)).toEqual([8, 11, 14, 18])
    expect(looksAfter(14, { maxPairs: 14 }).map(({ pairs }) => pairs)).toEqual([18])
    expect(looksAfter(18, { maxPairs: 18 })).toEqual([])
  })

  it.each([
    [0.16, 0],
    [0.1, 0.2],
  ])('is right: the real judge decides at noise %s and slowness %s about 80 times in 100', (deviation, slow) => {
    const pairs = needed(deviation, slow)
    if (pairs === null) throw new Error('expected a number of pairs')
    const random = seededRandom(pairs)
    const draw = (number: number): Pair => {
      const at = (value: number) => measured(40, 1, { latencyTail: 100 * Math.exp(value) })
      const head = { short: at(slow + deviation * normal(random)) }
      return { base: trial('base', number, { short: at(0) }), head: trial('head', number, head) }
    }
    const runs = 300
    let decided = 0
    for (let run = 0; run < runs; run++) {
      const drawn = Array.from({ length: pairs }, (_, number) => draw(number))
      const priors = new Map([[cell.key, { value: deviation ** 2, degrees: 24 }]])
      const given = { cells: [cell], pairs: drawn, priors, anchors: new Map(), policy: { maxPairs: 18 }, final: false }
      if (confirm(given).get(cell.key)?.verdict) decided++
    }
    // Earlier looks decide some more; never clearly fewer than promised.
    expect(decided / runs).toBeGreaterThan(0.8 - 3 * Math.sqrt((0.8 * 0.2) / runs))
  })
})

describe('what is said', () => {
  it('the time ended: the budget that would be enough, from what a pair takes here', () => {
    const text = whatWouldDecide(undecided({ noise: noiseOf(0.16), estimate: 0 }))
    const [, pairs] = /^About (\d+) pairs would decide it \(80 times in 100\)\. /.exec(text) ?? []
    const more = Math.ceil((Number(pairs) - 6) * 2.5)
    expect(text).toContain(`This run ended after 6; gate.budget-minutes: ${60 + more} in place of 60 would be enough.`)
  })

  it('the pairs ended: the key that allows more, and what they cost', () => {
    const policy = { ...defaultPolicy, maxPairs: 8 }
    const text = whatWouldDecide(undecided({ noise: noiseOf(0.16), estimate: 0, pairs: 8, policy }))
    expect(text).toMatch(
      /Allow them by gate\.max-pairs: (11|14|18) in place of 8, for about \d+ more minutes? of this machine\.$/,
    )
  })

  it('two figures where "nothing changed" and "as slow as it looks" need different ones', () => {
    const text = whatWouldDecide(undecided({ noise: noiseOf(0.1), estimate: 0.16 }))
    expect(text).toMatch(/^If nothing changed, about \d+ pairs would decide it; if it is \+17 % as it looks, about \d+/)
  })

  it('too much noise for any number of pairs: requests, margin, machine', () => {
    const text = whatWouldDecide(undecided({ noise: noiseOf(0.4), estimate: 0.02, pairs: 18 }))
    expect(text).toMatch(/^More pairs than a run can have \(18\)/)
    const [, times, requests] = /about (\S+) times the requests \((\d+) in place of 300\)/.exec(text) ?? []
    expect(Math.abs(Number(requests) / 300 - Number(times))).toBeLessThan(0.1 * Number(times))
    expect(text).toMatch(/or a margin of \d+ %, or a quieter machine\.$/)
  })

  it('these many more requests do decide, if noise falls with their root', () => {
    const text = whatWouldDecide(undecided({ noise: noiseOf(0.4), estimate: 0 }))
    const times = Number(/\((\d+) in place of 300\)/.exec(text)?.[1]) / 300
    expect(needed(0.4 / Math.sqrt(times), 0)).not.toBeNull()
  })

  it('minutes are left out where none are known', () => {
    const unknown = whatWouldDecide(undecided({ noise: noiseOf(0.16), estimate: 0, minutesPerPair: null }))
    expect(unknown).toMatch(/ended after 6: raise gate\.budget-minutes\.$/)
  })

  it('never as many pairs as the run has had: those did not decide it', () => {
    expect(whatWouldDecide(undecided({ noise: noiseOf(0.02), estimate: 0, pairs: 6 }))).toMatch(/^About 8 pairs/)
    expect(whatWouldDecide(undecided({ noise: noiseOf(0.1), estimate: 0, pairs: 18 }))).toMatch(/^More pairs than/)
  })

  it('pairs that do not differ at all are no noise to reckon with', () => {
    expect(whatWouldDecide(undecided({ noise: noiseOf(0) }))).toContain('measure again')
  })

  it('fits into a row of the report', () => {
    for (const deviation of [0.02, 0.08, 0.1, 0.14, 0.3, 1]) {
      for (const estimate of [-0.3, 0, 0.09, 0.3]) {
        const text = whatWouldDecide(undecided({ noise: noiseOf(deviation), estimate }))
        expect(text.length).toBeLessThan(400)
        expect(text).not.toMatch(/NaN|null|undefined|Infinity/)
      }
    }
  })
})
