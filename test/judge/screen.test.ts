import { describe, expect, it } from 'vitest'
import { cellsOf } from '../../src/judge/cells.ts'
import { conclusionOf } from '../../src/judge/rows.ts'
import {
  type Screened,
  screenCell,
  suspicionLevel,
  suspicionOfNoChange,
  suspiciousCells,
} from '../../src/judge/screen.ts'
import type { CellNoise } from '../../src/judge/window-noise.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { verdictsWorstFirst } from '../../src/model/verdict.ts'
import { measured, scenario, trial } from './evidence.ts'

const cells = cellsOf([scenario('a'), scenario('b')], defaultPolicy)
const cellOf = (metric: string, name: string | null) => {
  const cell = cells.find((candidate) => candidate.metric === metric && candidate.scenario === name)
  if (!cell) throw new Error('expected a cell')
  return cell
}
const tail = cellOf('latencyTail', 'a')

/** Level ln 100; one per cent between jobs, two within. */
const noise: CellNoise = {
  level: Math.log(100),
  jobs: 9,
  within: { value: 0.02 ** 2, degrees: 1000 },
  ofJobMeans: { value: 0.01 ** 2 + 0.02 ** 2 / 3, degrees: 1000 },
  inverseTrials: 1 / 3,
}
const head = (...latencies: number[]) =>
  latencies.map((latencyTail) => trial('head', null, { a: measured(40, 1, { latencyTail }) }))

describe('screenCell', () => {
  it('is the mean of the head trials against the level of the window', () => {
    const screened = screenCell(tail, noise, head(102, 102))
    expect(screened?.estimate).toBeCloseTo(Math.log(1.02), 12)
    expect(screened).toMatchObject({ trials: 2, suspect: null })
  })

  it('suspects from the margin on, faster only when faster than the margin beyond noise', () => {
    expect(screenCell(tail, noise, head(111, 111))?.suspect).toBe('slower')
    expect(screenCell(tail, noise, head(109, 109))?.suspect).toBeNull()
    expect(screenCell(tail, noise, head(90, 90))?.suspect).toBeNull()
    expect(screenCell(tail, noise, head(80, 80))?.suspect).toBe('faster')
  })

  it('is null when a trial lacks the scenario, or no window knows it', () => {
    expect(screenCell(tail, noise, [...head(100), trial('head', null, {})])).toBeNull()
    expect(screenCell(tail, noise, [])).toBeNull()
    expect(screenCell(tail, undefined, head(100))).toBeNull()
  })
})

describe('the level of suspicion', () => {
  it('is 1.9 standard errors below the promised effect where that is below the margin', () => {
    const error = { standardError: 0.08, degrees: Number.POSITIVE_INFINITY }
    expect(suspicionLevel(tail, error)).toBeCloseTo(Math.log(1.2) - 1.9 * 0.08, 3)
    expect(suspicionLevel(tail, { ...error, standardError: 0.01 })).toBe(tail.marginLog)
  })

  it('suspects an unchanged server as often as its normal tail says', () => {
    // Level 0.0303 is 0.379 standard errors: 1 - Phi(0.379) = 0.352.
    expect(suspicionOfNoChange(tail, { standardError: 0.08, degrees: 1e6 })).toBeCloseTo(0.352, 2)
  })
})

describe('suspiciousCells', () => {
  const screened = (suspects: readonly string[]) =>
    new Map(
      cells.map((cell): [string, Screened] => [
        cell.key,
        {
          estimate: 0,
          standardError: 1,
          degrees: 8,
          trials: 2,
          level: 0,
          suspect: suspects.includes(cell.key) ? 'slower' : null,
        },
      ]),
    )

  it('are the ones that look slower', () => {
    expect(suspiciousCells(cells, screened([tail.key]))).toEqual([tail])
    expect(suspiciousCells(cells, screened([]))).toEqual([])
  })

  it('are all of a metric when all scenarios together look slower', () => {
    const all = cellOf('latencyTail', null)
    const expected = cells.filter(({ metric }) => metric === 'latencyTail')
    expect(suspiciousCells(cells, screened([all.key]))).toEqual(expected)
  })
})

describe('the conclusion', () => {
  it('passes only what was compared and found unchanged, better, or slower on purpose', () => {
    const passing = ['accepted', 'improved', 'unchanged']
    expect(verdictsWorstFirst.filter((verdict) => conclusionOf(verdict) === 'pass')).toEqual(passing)
    expect(verdictsWorstFirst.filter((verdict) => conclusionOf(verdict) === 'regressed')).toEqual(['regressed'])
    expect(verdictsWorstFirst.filter((verdict) => conclusionOf(verdict) === 'invalid')).toEqual(['invalid', 'missing'])
  })
})
