import { describe, expect, it } from 'vitest'
import { keepBest, sustainedJobs, updateBest } from '../../src/judge/best-level.ts'
import type { BaselineWindow, BestLevel } from '../../src/model/baseline.ts'
import { cellsIn, day, jobAt, type Level, normal, tailOf, windowOf } from './windows.ts'

/** The best levels after each push of a branch whose levels these are; the window rolls over eight jobs. */
function follow(levels: readonly Level[], from: readonly BestLevel[] = []): BaselineWindow {
  let window = windowOf([jobAt(0, levels[0] ?? {})], { best: from })
  for (const [index, level] of levels.entries()) {
    const jobs = [...(index === 0 ? [] : window.jobs), jobAt(index, level)].slice(-8)
    const grown = windowOf(jobs, { best: window.best })
    window = { ...grown, best: updateBest(grown, cellsIn(grown)) }
  }
  return window
}

const tail = ({ best }: BaselineWindow, scenario: string | null = 'a') =>
  best.find((level) => level.metric === 'latencyTail' && level.scenario === scenario)
/** A job of one scenario whose machine is noisy by 1 % from job to job. */
const noisy = (slow: number): Level => ({ a: slow + 0.01 * normal() })
const times = (count: number, slow: number) => Array.from({ length: count }, () => noisy(slow))
const slowOf = (level: BestLevel | undefined) => Math.log((level?.value ?? Number.NaN) / 100)

describe('the best sustained level', () => {
  it('is set by the mean of four jobs, not by one lucky job', () => {
    expect(sustainedJobs).toBe(4)
    const lucky = [{ a: 0.02 }, { a: 0 }, { a: -0.3 }, { a: 0.04 }]
    expect(tail(follow(lucky.slice(0, 3)))).toBeUndefined()
    const level = tail(follow(lucky))
    expect(slowOf(level)).toBeCloseTo((0.02 - 0.3 + 0.04) / 4, 12)
    expect(level).toMatchObject({ at: day(3), slower: null })
    // Steps -0.02, -0.3 and 0.34: half the mean square.
    expect(level?.spread).toBeCloseTo(Math.sqrt((0.02 ** 2 + 0.3 ** 2 + 0.34 ** 2) / 6), 12)
  })

  it('is kept for all scenarios together as their geometric mean', () => {
    const window = follow(Array.from({ length: 4 }, () => ({ a: 0.01 * normal(), b: 1 + 0.01 * normal() })))
    expect(slowOf(tail(window, null))).toBeCloseTo((slowOf(tail(window, 'a')) + slowOf(tail(window, 'b'))) / 2, 12)
  })

  it('stays where it is while nothing changes: the luckiest of many averages does not replace it', () => {
    const branches = 60
    const pushes = 80
    let moved = 0
    let total = 0
    let luckiest = 0
    for (let branch = 0; branch < branches; branch++) {
      const levels = times(pushes, 0)
      const best = tail(follow(levels))
      if (best?.at !== day(3)) moved++
      total += slowOf(best)
      const averages = levels
        .slice(3)
        .map((_, n) => levels.slice(n, n + 4).reduce((sum, level) => sum + (level.a ?? 0), 0) / 4)
      luckiest += Math.min(...averages)
    }
    // The lowest of all averages is too low by about a job's standard deviation; ours is unbiased: 0.005 / sqrt(60).
    expect(luckiest / branches).toBeLessThan(-0.008)
    expect(Math.abs(total / branches)).toBeLessThan(4 * (0.005 / Math.sqrt(branches)))
    // 60 x 76 overlapping comparisons at 1 in 10,000.
    expect(moved).toBeLessThanOrEqual(4)
  })

  it('moves to a level that is clearly better, and stays there when that is lost', () => {
    const levels = [...times(8, 0), ...times(8, -0.2)]
    const better = tail(follow(levels))
    expect(slowOf(better)).toBeLessThan(-0.12)
    const lost = tail(follow([...levels, ...times(8, 0)]))
    expect(lost?.value).toBe(better?.value)
    expect(lost?.slower?.by).toBeGreaterThan(0.1)
  })

  it('says since which job the branch is slower, and takes it back when it is not any more', () => {
    const slow = follow([...times(8, 0), ...times(10, 0.3)])
    const { slower, at } = tail(slow) ?? {}
    expect(at).toBe(day(3))
    // The first four jobs that are past the margin together began with one of the first slow ones.
    expect([5, 6, 7, 8, 9, 10, 11, 12].map(day)).toContain(slower?.at)
    expect(slower?.by).toBeCloseTo(Math.expm1(0.3), 1)
    const later = follow([...times(8, 0), ...times(18, 0.3)])
    expect([5, 6, 7, 8, 9, 10, 11, 12].map(day)).toContain(tail(later)?.slower?.at)
    expect(tail(follow([...times(8, 0), ...times(10, 0.3), ...times(8, 0)]))?.slower).toBeNull()
  })

  it('is silent about what is within the margin, and about what is within the noise', () => {
    expect(tail(follow([...times(8, 0), ...times(10, 0.05)]))?.slower).toBeNull()
    const wild = (slow: number) => ({ a: slow + 0.3 * normal() })
    const levels = Array.from({ length: 18 }, (_, index) => wild(index < 8 ? 0 : 0.15))
    expect(tail(follow(levels))?.slower).toBeNull()
  })

  it('claims nothing of a window without any spread', () => {
    const same = (slow: number) => Array.from({ length: 8 }, () => ({ a: slow }))
    expect(tail(follow([...same(0), ...same(1)]))?.slower).toBeNull()
  })
})

describe('a best level starts again', () => {
  const both = Array.from({ length: 6 }, () => ({ a: 0.01 * normal(), b: 0.01 * normal() }))
  const window = follow(both)
  const cells = cellsIn(window)
  const kept = (...given: Parameters<typeof keepBest>) =>
    keepBest(...given).map(({ scenario, metric }) => `${scenario ?? 'all'} ${metric}`)
  const all = new Set(['a', 'b'])
  const accepted = { scenario: null, metric: null, reason: 'r', source: 's' }

  it('not without a reason', () => {
    expect(kept(window, cells, [], all)).toHaveLength(6)
  })

  it('where a slowdown was accepted, and for all scenarios together with it', () => {
    const ofA = { ...accepted, scenario: 'a', metric: 'latencyTail' } as const
    expect(kept(window, cells, [ofA], all).sort()).toEqual([
      'a tokensPerSecond',
      'all tokensPerSecond',
      'b latencyTail',
      'b tokensPerSecond',
    ])
    expect(kept(window, cells, [accepted], all)).toEqual([])
  })

  it('where a scenario is defined anew, joins or leaves', () => {
    expect(kept(window, cells, [], new Set(['b']))).toEqual(['b latencyTail', 'b tokensPerSecond'])
    const onlyB = windowOf([jobAt(0, { b: 0 })])
    expect(kept(window, cellsIn(onlyB), [], new Set(['b']))).toEqual(['b latencyTail', 'b tokensPerSecond'])
    const three = windowOf([jobAt(0, { a: 0, b: 0, c: 0 })])
    expect(kept(window, cellsIn(three), [], all)).not.toContain('all latencyTail')
    expect(kept(window, cellsIn(three), [], all)).toContain('a latencyTail')
  })

  it('and is set by the first jobs of the accepted level', () => {
    const jobs = Array.from({ length: 8 }, (_, index) =>
      jobAt(index, noisy(index < 4 ? 0 : 0.3), index === 4 ? { accepted: [accepted] } : {}),
    )
    const grown = windowOf(jobs)
    const level = updateBest(grown, cellsIn(grown)).find(({ metric }) => metric === tailOf(cellsIn(grown), 'a').metric)
    expect(slowOf(level)).toBeCloseTo(0.3, 1)
    expect(level?.slower).toBeNull()
  })
})
