import { describe, expect, it } from 'vitest'
import { jobMeans, jobValues } from '../../src/judge/job-means.ts'
import { type Measured, slowness } from '../../src/judge/slowness.ts'
import { measured } from './evidence.ts'
import { jobAt } from './windows.ts'

const trialOf = (id: string, tails: Readonly<Record<string, number>>) => ({
  id,
  startedAt: '2026-01-01T00:00:00Z',
  startupMs: 1,
  scenarios: Object.fromEntries(
    Object.entries(tails).map(([name, latencyTail]) => [name, measured(10, 1, { latencyTail })]),
  ),
})
const jobs = [
  jobAt(0, {}, { trials: [trialOf('x', { a: Math.E }), trialOf('y', { b: 7 }), trialOf('z', { a: Math.E ** 4 })] }),
  jobAt(1, {}, { trials: [trialOf('x', { b: 7 })] }),
  jobAt(2, {}, { trials: [] }),
  jobAt(3, {}, { trials: [trialOf('x', { a: 1 })] }),
]
const ofA = (trial: Measured) => slowness(trial, 'latencyTail', ['a'])

describe('what the jobs of a window say of a quantity', () => {
  it('is a value for each trial that measured it, job by job; a job without any is left out', () => {
    const found = jobValues(jobs, ofA)
    expect(found.map(({ job }) => job)).toEqual([jobs[0], jobs[3]])
    expect(found[0]?.values).toHaveLength(2)
    expect(found[0]?.values[0]).toBeCloseTo(1, 12)
    expect(found[0]?.values[1]).toBeCloseTo(4, 12)
    // The logarithm of 1 is 0: a measurement, not an absence.
    expect(found[1]?.values).toEqual([0])
  })

  it('is the mean of a job: one voice each', () => {
    const means = jobMeans(jobs, ofA)
    expect(means.map(({ job }) => job)).toEqual([jobs[0], jobs[3]])
    expect(means[0]?.mean).toBeCloseTo(2.5, 12)
    expect(means[1]?.mean).toBe(0)
  })

  it('is nothing where no job measured it', () => {
    expect(jobMeans(jobs, () => null)).toEqual([])
    expect(jobValues([], ofA)).toEqual([])
  })
})
