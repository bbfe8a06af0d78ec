import { describe, expect, it } from 'vitest'
import {
  allowedFlips,
  errorBudget,
  fewestConvicting,
  looksAt,
  offeredMaxPairs,
  plannedLooks,
  plannedPairs,
} from '../../src/judge/looks.ts'
import { mostShards } from '../../src/model/shard.ts'

describe('plannedLooks', () => {
  it('looks often, and only clears before 8 pairs, where no sign-flip test could convict', () => {
    expect(plannedLooks({ maxPairs: 18 }).map(({ pairs }) => pairs)).toEqual([3, 4, 6, 8, 11, 14, 18])
    for (const { pairs, share } of plannedLooks({ maxPairs: 18 })) expect(share > 0, `${pairs}`).toBe(pairs >= 8)
  })

  it.each(Array.from({ length: 20 }, (_, index) => index + 1))(
    'shares exactly one error budget with %s pairs at most',
    (maxPairs) => {
      const looks = plannedLooks({ maxPairs })
      const spent = looks.reduce((total, { share }) => total + share, 0)
      expect(spent).toBeCloseTo(errorBudget, 12)
      expect(spent).toBeLessThanOrEqual(errorBudget + 1e-15)
      expect(looks.at(-1)?.pairs).toBe(Math.min(maxPairs, 18))
    },
  )

  it('gives each convicting look at least one sign flip of its own', () => {
    for (const { pairs, share } of plannedLooks({ maxPairs: 18 }).filter((look) => look.share > 0)) {
      expect(share * 2 ** pairs).toBeGreaterThanOrEqual(1)
    }
  })

  it.each([0, -3, Number.NaN])('survives a limit of %s', (maxPairs) => {
    expect(plannedLooks({ maxPairs }).map(({ pairs }) => pairs)).toEqual([1])
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
    expect(plannedLooks({ maxPairs }).at(-1)?.pairs).toBe(pairs)
  })
})

describe('looksAt', () => {
  const at = (pairs: number, final: boolean) => looksAt({ maxPairs: 14 }, pairs, final).map((look) => look.pairs)

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
    const spent = looksAt({ maxPairs: 14 }, 10, true).reduce((total, { share }) => total + share, 0)
    expect(spent).toBeLessThanOrEqual(errorBudget)
  })
})

describe('the looks of a shard', () => {
  const shardOf = (count: number) => ({ index: count, count })
  const counts = Array.from({ length: mostShards }, (_, index) => index + 1)
  const designs = offeredMaxPairs.flatMap((maxPairs) => counts.map((count) => ({ maxPairs, count })))
  const total = (shares: readonly { share: number }[]) => shares.reduce((sum, { share }) => sum + share, 0)

  it('are those of the whole matrix, to the last bit, where it is the only one', () => {
    for (const maxPairs of offeredMaxPairs) {
      expect(plannedLooks({ maxPairs, shard: shardOf(1) })).toEqual(plannedLooks({ maxPairs }))
    }
    expect(plannedLooks({ maxPairs: 18 }).map(({ share }) => share)).toEqual([
      0,
      0,
      0,
      1 / 256,
      0.001,
      0.0015,
      0.01 - (1 / 256 + 0.001 + 0.0015),
    ])
  })

  it('never spend more than its part, so that all shards together stay within one error budget', () => {
    for (const { maxPairs, count } of designs) {
      const policy = { maxPairs, shard: shardOf(count) }
      expect(total(plannedLooks(policy)), `${maxPairs} ${count}`).toBeLessThanOrEqual(errorBudget / count + 1e-15)
      for (let pairs = 0; pairs <= maxPairs; pairs++) {
        expect(total(looksAt(policy, pairs, true))).toBeLessThanOrEqual(errorBudget / count + 1e-15)
      }
    }
  })

  it('may convict only where their share is at least one sign flip, and have a share only where they may', () => {
    for (const { maxPairs, count } of designs) {
      for (const look of plannedLooks({ maxPairs, shard: shardOf(count) })) {
        const mayConvict = look.share >= 2 ** -look.pairs
        expect(allowedFlips(look) >= 1, `${maxPairs} ${count} ${look.pairs}`).toBe(mayConvict)
        if (look.pairs < maxPairs) expect(look.share > 0).toBe(mayConvict)
      }
    }
  })

  it('clear as those of the whole matrix do', () => {
    const clearing = (looks: readonly { pairs: number; clearing: object }[]) =>
      looks.map(({ pairs, clearing }) => ({ pairs, clearing }))
    for (const { maxPairs, count } of designs) {
      expect(clearing(plannedLooks({ maxPairs, shard: shardOf(count) }))).toEqual(clearing(plannedLooks({ maxPairs })))
    }
  })

  // One flip of 2^pairs within 1 % / count: the largest count is 2^pairs / 100, rounded down.
  it.each([
    [8, 2],
    [11, 20],
    [14, 64],
    [18, 64],
  ])('with %s pairs can convict in up to %s shards', (maxPairs, most) => {
    const allowed = counts.filter((count) => fewestConvicting({ maxPairs, shard: shardOf(count) }) !== null)
    expect(allowed).toEqual(counts.filter((count) => count <= most))
    expect(Math.min(mostShards, Math.floor(2 ** maxPairs / 100))).toBe(most)
  })

  it.each([
    // 1 of 256 is the first share there is; with 8 pairs at most the last look has all of the budget, and 1 of 128 is in it.
    [18, 1, 8],
    [11, 1, 8],
    [8, 1, 7],
    // Half of 1 / 256 is less than a flip of 8 pairs, half of 0.001 is one of 11 pairs and none of 10.
    [18, 2, 11],
    [8, 2, 8],
    // A third of 0.0015, from the look at 14 pairs: 1 of 4096 is less, 1 of 2048 was not reached by a third of 0.001.
    [18, 3, 12],
    [8, 3, null],
    [11, 21, null],
  ])(
    'with %s pairs at most and %s shards convict from %s pairs on, also where time ends the run',
    (maxPairs, count, fewest) => {
      expect(fewestConvicting({ maxPairs, shard: shardOf(count) })).toBe(fewest)
    },
  )
})
