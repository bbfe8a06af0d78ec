import { describe, expect, it } from 'vitest'
import { comparableWindow } from '../../src/judge/comparable-window.ts'
import { levelJobs } from '../../src/judge/level-jobs.ts'
import { windowNoise } from '../../src/judge/window-noise.ts'
import type { AcceptedSlowdown } from '../../src/model/accepted.ts'
import type { BaselineJob } from '../../src/model/baseline.ts'
import { cellsIn, jobAt, normal, tailOf, windowOf } from './windows.ts'

const accepted = (given: Partial<AcceptedSlowdown> = {}): AcceptedSlowdown => ({
  scenario: null,
  metric: null,
  reason: 'grammar checking is on now',
  source: 'commit 0123abc',
  ...given,
})

/** Eight jobs of scenarios a, b and c; one of them carries a change. */
function window(changed: number, change: Partial<BaselineJob>) {
  return windowOf(
    Array.from({ length: 8 }, (_, index) =>
      jobAt(
        index,
        { a: 0.01 * normal() + (index >= changed ? 0.3 : 0), b: 0.01 * normal(), c: 0.01 * normal() },
        index === changed ? change : {},
      ),
    ),
  )
}

const commitsOf = (jobs: readonly BaselineJob[]) => jobs.map(({ commit }) => Number.parseInt(commit, 16))

describe('the jobs that tell a level', () => {
  const shift = { scenario: 'a', metric: 'latencyTail', by: 0.3 } as const

  it.each([
    ['a slowdown of everything was accepted', { accepted: [accepted()] }, [5, 5, 5]],
    ['one of this scenario was', { accepted: [accepted({ scenario: 'a' })] }, [5, 0, 5]],
    ['one of this metric was', { accepted: [accepted({ metric: 'latencyTail' })] }, [5, 5, 5]],
    ['one of another metric was', { accepted: [accepted({ metric: 'tokensPerSecond' })] }, [0, 0, 0]],
    ['a change of this scenario was found', { shifts: [shift] }, [5, 0, 5]],
    ['a change of all was found', { shifts: [{ ...shift, scenario: null }] }, [5, 5, 5]],
  ])('begin where %s', (_, change, [ofA, ofB, ofAll]) => {
    const present = window(5, change)
    const cells = cellsIn(present)
    const first = (scenario: string | null) => commitsOf(levelJobs(present, tailOf(cells, scenario)))[0]
    expect([first('a'), first('b'), first(null)]).toEqual([ofA, ofB, ofAll])
  })

  it('begin at the last of several changes', () => {
    const { jobs } = window(5, { shifts: [shift] })
    const twice = windowOf(jobs.map((job, index) => (index === 2 ? { ...job, accepted: [accepted()] } : job)))
    expect(commitsOf(levelJobs(twice, tailOf(cellsIn(twice), 'a')))).toEqual([5, 6, 7])
  })

  it('are the newest eight: a calibration that is older tells the noise alone', () => {
    const old = jobAt(0, { a: 1 }, { kind: 'calibration' })
    const present = windowOf([
      old,
      ...Array.from({ length: 8 }, (_, index) => jobAt(index + 5, { a: 0.01 * normal() })),
    ])
    const cell = tailOf(cellsIn(present), 'a')
    expect(commitsOf(levelJobs(present, cell))).toEqual([5, 6, 7, 8, 9, 10, 11, 12])
    const noise = windowNoise(present, cellsIn(present)).get(cell.key)
    expect(noise?.jobs).toBe(8)
    expect(Math.exp(noise?.level ?? 0)).toBeLessThan(110)
    // Two trials in each of nine jobs: nine degrees of freedom.
    expect(noise?.within.degrees).toBe(9)
  })
})

describe('a window whose level changed', () => {
  const shift = { scenario: 'a', metric: 'latencyTail', by: 0.3 } as const

  it('has the new level, no inflated spread, and the noise within jobs of all of them', () => {
    const marked = window(4, { shifts: [shift] })
    const unmarked = windowOf(marked.jobs.map((job) => ({ ...job, shifts: [] })))
    const noiseOfA = (given: typeof marked) => windowNoise(given, cellsIn(given)).get(tailOf(cellsIn(given), 'a').key)
    const [now, before] = [noiseOfA(marked), noiseOfA(unmarked)]
    expect(Math.exp(now?.level ?? 0)).toBeGreaterThan(100 * Math.exp(0.27))
    expect(now?.ofJobMeans.value).toBeLessThan((before?.ofJobMeans.value ?? 0) / 20)
    expect(now?.within).toEqual(before?.within)
  })

  it('anchors scenarios by jobs since then, and by none while these are few', () => {
    const anchorsOf = (changed: number) => {
      const given = window(changed, { shifts: [shift] })
      return comparableWindow(given, given.scenarios, cellsIn(given)).anchors
    }
    const anchor = anchorsOf(4).get('latencyTail b')
    expect(anchor?.contrast.jobs).toBe(4)
    // b against a and c: half of what a is slower by.
    expect(anchor?.contrast.level).toBeCloseTo(-0.15, 1)
    expect(anchorsOf(6).has('latencyTail b')).toBe(false)
    expect(anchorsOf(6).has('tokensPerSecond b')).toBe(true)
  })

  it('says since when it is too young to screen, and why', () => {
    const obstacleOf = (change: Partial<BaselineJob>) => {
      const given = window(6, change)
      return comparableWindow(given, given.scenarios, cellsIn(given)).obstacle
    }
    expect(obstacleOf({ accepted: [accepted({ scenario: 'a' })] })).toBe(
      'The baseline holds 2 jobs of "a" since its level changed with 000000000000 (accepted: grammar checking is on now); a screen needs 3: pairs alone decide.',
    )
    expect(obstacleOf({ shifts: [shift] })).toContain('(found: 30 % slower)')
    expect(obstacleOf({ shifts: [{ ...shift, by: -0.2 }] })).toContain('(found: 20 % faster)')
  })
})
