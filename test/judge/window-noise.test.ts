import { describe, expect, it } from 'vitest'
import { cellsOf } from '../../src/judge/cells.ts'
import { cellNoise, pairPrior, predictiveError, windowNoise } from '../../src/judge/window-noise.ts'
import type { BaselineWindow } from '../../src/model/baseline.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { measured, quietWindow, scenario } from './evidence.ts'

const only = [scenario('a')]

/** Jobs of one scenario by the logarithms of their trials' tail latency. */
const windowOf = (jobs: readonly (readonly number[])[]): BaselineWindow => {
  const frame = quietWindow(only, () => ({ a: measured(10, 1) }), jobs.length)
  return {
    ...frame,
    jobs: frame.jobs.map((job, index) => ({
      ...job,
      trials: (jobs[index] ?? []).map((log, n) => ({
        id: `b${n}`,
        startedAt: job.at,
        startupMs: 1,
        scenarios: { a: measured(10, 1, { latencyTail: Math.exp(log) }) },
      })),
    })),
  }
}

const noiseOf = (jobs: readonly (readonly number[])[]) => {
  const noise = cellNoise(windowOf(jobs), 'latencyTail', ['a'])
  if (!noise) throw new Error('expected noise')
  return noise
}

describe('cellNoise', () => {
  it('tells noise within jobs from noise between jobs', () => {
    // Job means 1, 2, 3; within each job the values lie 0.1 to both sides: 0.02 on one degree of freedom.
    const noise = noiseOf([
      [0.9, 1.1],
      [1.9, 2.1],
      [2.9, 3.1],
    ])
    expect(noise.level).toBeCloseTo(2, 12)
    expect(noise.jobs).toBe(3)
    expect(noise.within.value).toBeCloseTo(0.02, 12)
    expect(noise.within.degrees).toBe(3)
    expect(noise.ofJobMeans.value).toBeCloseTo(1, 12)
    expect(noise.inverseTrials).toBe(0.5)
  })

  it('gives each job one voice, however many trials it has', () => {
    expect(noiseOf([[0, 0, 0, 0, 0, 0], [1], [2]]).level).toBeCloseTo(1, 12)
  })

  it('is null when no job measured the scenario', () => {
    expect(cellNoise(windowOf([[1], [2]]), 'latencyTail', ['b'])).toBeNull()
    expect(cellNoise(windowOf([]), 'latencyTail', ['a'])).toBeNull()
  })
})

describe('predictiveError', () => {
  it('adds what a new job, a new trial and the window itself do not know', () => {
    const noise = noiseOf([
      [0.9, 1.1],
      [1.9, 2.1],
      [2.9, 3.1],
    ])
    // Between jobs: 1 - 0.02 / 2 = 0.99. Predicting 4 trials: 0.99 (1 + 1/3) + 0.02 (1/4 + 0.5/3).
    const expected = Math.sqrt(0.99 * (4 / 3) + 0.02 * (1 / 4 + 1 / 6))
    expect(predictiveError(noise, 4)?.standardError).toBeCloseTo(expected, 12)
    expect(predictiveError(noise, 4)?.degrees).toBe(2)
  })

  it('counts all noise as between jobs when every job has one trial', () => {
    const noise = noiseOf([[1], [2], [3]])
    expect(noise.within.degrees).toBe(0)
    expect(predictiveError(noise, 5)?.standardError).toBeCloseTo(Math.sqrt(4 / 3), 12)
    expect(pairPrior(noise).degrees).toBe(0)
  })

  it('is null below three jobs, without trials, and without any spread', () => {
    expect(
      predictiveError(
        noiseOf([
          [1, 2],
          [3, 4],
        ]),
        2,
      ),
    ).toBeNull()
    expect(predictiveError(noiseOf([[1], [2], [3]]), 0)).toBeNull()
    expect(
      predictiveError(
        noiseOf([
          [1, 1],
          [1, 1],
          [1, 1],
        ]),
        2,
      ),
    ).toBeNull()
  })
})

describe('windowNoise', () => {
  it('lets the scenarios of a metric moderate each other, but not all of them together', () => {
    const scenarios = ['a', 'b', 'c', 'd'].map((name) => scenario(name))
    const window = quietWindow(scenarios, (_, random) =>
      Object.fromEntries(scenarios.map(({ name }) => [name, measured(10 * (1 + 0.1 * random()), 1 + 0.1 * random())])),
    )
    const cells = cellsOf(scenarios, defaultPolicy)
    const noises = windowNoise(window, cells)
    const own = cellNoise(window, 'latencyTail', ['a'])
    const one = noises.get(cells.find(({ scenario }) => scenario === 'a')?.key ?? '')
    const all = noises.get(cells.find(({ scenario }) => scenario === null)?.key ?? '')
    expect(own?.within.degrees).toBe(18)
    expect(one?.within.degrees).toBeGreaterThan(18)
    expect(all?.within.degrees).toBe(18)
  })

  it('knows a pair as two trials of one job', () => {
    const noise = noiseOf([
      [0.9, 1.1],
      [1.9, 2.1],
      [2.9, 3.1],
    ])
    expect(pairPrior(noise).value).toBeCloseTo(0.04, 12)
    expect(pairPrior(undefined).degrees).toBe(0)
  })
})
