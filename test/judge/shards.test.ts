import { describe, expect, it } from 'vitest'
import { type Cell, cellsOf } from '../../src/judge/cells.ts'
import { confirm } from '../../src/judge/confirm.ts'
import { assertCanConvict, decide, planDesign } from '../../src/judge/index.ts'
import type { LookPolicy } from '../../src/judge/looks.ts'
import type { Pair } from '../../src/judge/pairs.ts'
import { looksAfter } from '../../src/judge/to-decide.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import type { Shard } from '../../src/model/shard.ts'
import { refusalOf } from '../plan/refusal.ts'
import { input, jitter, type Measure, measured, pairs, quietWindow, scenario, trial } from './evidence.ts'

const shard = (count: number): Shard => ({ index: 1, count })

/** So small that nothing but the test of the pairs decides. */
const noMargin = { latencyTail: 1e-9, tokensPerSecond: 1e-9, latencyTailAll: 1e-9, tokensPerSecondAll: 1e-9 }
const tails = (names: readonly string[]): Cell[] =>
  cellsOf(
    names.map((name) => scenario(name)),
    { ...defaultPolicy, margins: noMargin },
  ).filter(({ metric }) => metric === 'latencyTail')

/** Pairs of these differences, and their mirror images. */
function bothWays(differences: readonly Readonly<Record<string, number>>[]): { plus: Pair; minus: Pair }[] {
  const at = (slow: number) => measured(40, 1, { latencyTail: 100 * Math.exp(slow) })
  const side = (values: Readonly<Record<string, number>>, sign: number) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, at(sign * value)]))
  return differences.map((values, number) => {
    const base = trial('base', number, side(values, 0))
    return {
      plus: { base, head: trial('head', number, side(values, 1)) },
      minus: { base, head: trial('head', number, side(values, -1)) },
    }
  })
}

/** Of all sign patterns, which are equally likely without a change, those in which any cell is convicted at any look. */
function convictedPatterns(
  cells: readonly Cell[],
  differences: readonly Readonly<Record<string, number>>[],
  policy: LookPolicy,
): number {
  const made = bothWays(differences)
  const priors = new Map(cells.map((cell) => [cell.key, { value: 0.01, degrees: 16 }]))
  let convicted = 0
  for (let pattern = 0; pattern < 2 ** made.length; pattern++) {
    const drawn = made.map(({ plus, minus }, place) => ((pattern >> place) & 1 ? minus : plus))
    const decisions = confirm({ cells, pairs: drawn, priors, anchors: new Map(), policy, final: true })
    if ([...decisions.values()].some(({ verdict }) => verdict === 'regressed')) convicted++
  }
  return convicted
}

const sizes = [0.11, 0.23, 0.08, 0.17, 0.31, 0.13, 0.19, 0.29, 0.07, 0.37, 0.05, 0.41, 0.02, 0.43]
const unlike = sizes.map((a, place) => ({
  a,
  b: ((sizes[(place * 5) % sizes.length] ?? 0) + 0.003) * (place % 2 ? 1 : -1),
}))

describe('a change without effect', () => {
  it.each([2, 4])(
    'is convicted in at most 1 %% / %s of all sign patterns, and in no fewer than that allows',
    (count) => {
      const one = sizes.slice(0, 11).map((a) => ({ a }))
      const convicted = convictedPatterns(tails(['a']), one, { maxPairs: 11, shard: shard(count) })
      expect(convicted).toBeLessThanOrEqual((2 ** 11 * 0.01) / count)
      // Only the last look convicts here, with every flip that its part holds: 10 of 2048 for 2 shards, 5 for 4.
      expect(convicted).toBe(Math.floor((2 ** 11 * 0.01) / count))
    },
  )

  it.each([2, 4])('is convicted no more often where several cells of one of %s shards are tested together', (count) => {
    const convicted = convictedPatterns(tails(['a', 'b']), unlike.slice(0, 11), { maxPairs: 11, shard: shard(count) })
    expect(convicted).toBeGreaterThan(0)
    expect(convicted).toBeLessThanOrEqual((2 ** 11 * 0.01) / count)
  })

  it('is convicted no more often where two looks may convict', () => {
    const one = sizes.map((a) => ({ a }))
    const convicted = convictedPatterns(tails(['a']), one, { maxPairs: 14, shard: shard(2) })
    expect(convicted).toBeLessThanOrEqual((2 ** 14 * 0.01) / 2)
    // 0.0005 at 11 pairs is one of 2048 patterns, each with its 8 endings; what is left are 73 of 16384 at 14 pairs.
    expect(convicted).toBeGreaterThan(40)
  })
})

describe('a design that can never convict', () => {
  it('is refused with what to do', () => {
    const error = refusalOf(() => assertCanConvict({ maxPairs: 8, shard: shard(3) }))
    expect(error.code).toBe('usage')
    expect(error.message).toContain('gate.max-pairs: got 8, with 3 shards')
    expect(error.message).toContain('1 % / 3')
    expect(error.message).toContain('once in 256')
    expect(error.hint).toBe('Set gate.max-pairs to 11 or more, or use 2 shards at most.')
    expect(refusalOf(() => assertCanConvict({ maxPairs: 11, shard: shard(21) })).hint).toBe(
      'Set gate.max-pairs to 14 or more, or use 20 shards at most.',
    )
  })

  it.each([
    [8, 2],
    [11, 20],
    [14, 64],
    [18, 64],
  ])('is not one of %s pairs in %s shards', (maxPairs, count) => {
    expect(() => assertCanConvict({ maxPairs, shard: shard(count) })).not.toThrow()
    expect(() => assertCanConvict({ maxPairs })).not.toThrow()
  })
})

const scenarios = [scenario('short'), scenario('long')]
const slowed =
  (factor: number): Measure =>
  (side, random) => {
    const at = (ttftMs: number) => {
      const slow = (side === 'head' ? factor : 1) * jitter(random, 0.01)
      return measured(ttftMs * slow, slow)
    }
    return { short: at(10), long: at(30) }
  }

describe('a shard is judged by its part', () => {
  const judged = (count: number | null, done: number) =>
    decide(
      input({
        scenarios,
        trials: pairs(done, slowed(1.4)),
        policy: count === null ? defaultPolicy : { ...defaultPolicy, shard: shard(count) },
      }),
    )

  it('8 pairs that all agree convict the whole matrix, while one of two shards goes on to 11', () => {
    expect(judged(null, 8).report.conclusion).toBe('regressed')
    const open = judged(2, 8)
    expect(open.report.conclusion).toBe('inconclusive')
    expect(open.next).toEqual({ kind: 'pairs', scenarios: ['short', 'long'], pairs: 3 })
    const done = judged(2, 11)
    expect(done.next).toEqual({ kind: 'done' })
    expect(done.report.conclusion).toBe('regressed')
    // Each of the 11 pairs is slower: 1 of 2048 patterns.
    expect(done.report.cells.every(({ pValue }) => pValue !== null && pValue <= 0.0005)).toBe(true)
  })

  it('11 pairs are not enough for one of four: 14 are', () => {
    expect(judged(4, 11).next).toEqual({ kind: 'pairs', scenarios: ['short', 'long'], pairs: 3 })
    expect(judged(4, 14).report.conclusion).toBe('regressed')
  })

  it('an unchanged server is cleared as early as ever', () => {
    const policy = { ...defaultPolicy, shard: shard(4) }
    const { report, next } = decide(input({ scenarios, trials: pairs(3, slowed(1)), policy }))
    expect(next).toEqual({ kind: 'done' })
    expect(report.conclusion).toBe('pass')
  })

  it('without a window of its own it says so, and that pairs decide', () => {
    const policy = { ...defaultPolicy, shard: { index: 2, count: 4 } }
    const { report } = decide(input({ scenarios, policy }))
    expect(report.notes).toContain('The baseline has no window for shard 2/4 yet on this runner: pairs alone decide.')
    expect(report.notes.join()).not.toContain('no baseline for this runner')
  })

  it('what would decide an open cell counts with its part of larger designs too', () => {
    const shares = (count: number) =>
      looksAfter(8, { maxPairs: 11, shard: shard(count) }).map(({ pairs, share }) => [pairs, share])
    expect(shares(4)).toEqual([
      [11, 0.0025],
      [14, 0.0025],
      [18, 0.0025 - 0.000375],
    ])
  })
})

describe('the plan of a shard', () => {
  const window = quietWindow(scenarios, slowed(1), 9, 0.3)
  const planOf = (policy: Partial<typeof defaultPolicy>) =>
    planDesign({ window, scenarios, policy: { ...defaultPolicy, ...policy } })

  it('promises no more than its part of the error budget can prove', () => {
    const noisy: Measure = (_side, random) => ({
      short: measured(10 * jitter(random, 0.15), jitter(random, 0.15)),
      long: measured(30 * jitter(random, 0.15), jitter(random, 0.15)),
    })
    const rough = quietWindow(scenarios, noisy, 9, 0.3)
    const seen = (count: number | null) =>
      planDesign({
        window: rough,
        scenarios,
        policy: count === null ? defaultPolicy : { ...defaultPolicy, shard: shard(count) },
      }).detectable.latencyTail.one ?? Number.NaN
    expect(seen(1)).toBe(seen(null))
    expect(seen(4)).toBeGreaterThan(seen(null))
    expect(seen(16)).toBeGreaterThan(seen(4))
  })

  it('counts passes of its own scenarios, and is otherwise that of the whole where it is the only shard', () => {
    expect(planOf({ shard: { index: 2, count: 4 } }).text).toContain('passes of shard 2/4')
    const { text: _one, ...alone } = planOf({ shard: shard(1) })
    const { text: _whole, ...whole } = planOf({})
    expect(alone).toEqual(whole)
  })

  it('says that a budget which ends before its first convicting look can prove nothing', () => {
    const { minutesPerPass } = planOf({})
    const budgetMinutes = 2 * 9.5 * (minutesPerPass ?? Number.NaN)
    expect(planOf({ budgetMinutes }).text).toContain('ends after 9 of 18 pairs; the sizes above are for these')
    const poor = planOf({ budgetMinutes, shard: shard(2) })
    expect(poor.text).toContain('ends after 9 of 18 pairs; fewer than the 11 that can convict')
    expect(poor.detectable.latencyTail.one).toBeNull()
  })

  it('without a window says whose is missing', () => {
    const policy = { ...defaultPolicy, shard: { index: 3, count: 4 } }
    expect(planDesign({ window: null, scenarios, policy }).text).toContain('no window for shard 3/4 yet')
  })
})
