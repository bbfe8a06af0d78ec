// Verifies what a default branch goes through: steps, accepted slowdowns and creep, by the code that writes the real
// baseline and the judge that reads it.
import { median } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../bench/gate/cases.ts'
import { noChange } from '../../bench/gate/cases.ts'
import { environments } from '../../bench/gate/environments.ts'
import { History } from '../../bench/gate/history.ts'
import { Simulation } from '../../bench/gate/simulation.ts'
import { slowness } from '../../src/judge/slowness.ts'
import type { BaselineWindow } from '../../src/model/baseline.ts'
import { cellsIn, tailOf } from './windows.ts'

const slower = (factor: number, scenarios = Number.POSITIVE_INFINITY): Change => ({
  tail: factor,
  rate: 1 / factor,
  scenarios,
})

function branch(name: string, seed: number): { machine: Simulation; history: History } {
  const environment = environments.find((one) => one.name === name)
  if (!environment) throw new Error(`there is no machine ${name}`)
  const machine = new Simulation(environment, seed)
  return { machine, history: new History(machine) }
}

/** Slowness of all scenarios together, a mean for each job. */
function aggregates(window: BaselineWindow): number[] {
  const { metric, members } = tailOf(cellsIn(window), null)
  return window.jobs.map(({ trials }) => {
    const values = trials.map((trial) => slowness(trial, metric, members) ?? Number.NaN)
    return values.reduce((total, value) => total + value, 0) / values.length
  })
}

const shiftsOf = (window: BaselineWindow) =>
  window.jobs.flatMap((job) => job.shifts.map((shift) => ({ ...shift, job: Number.parseInt(job.commit, 16) })))

describe('a change of level that nobody announced', () => {
  it('of one scenario is found, at the job that it began with, and leaves the others alone', () => {
    const { machine, history } = branch('quiet', 1)
    history.push(8)
    machine.main = slower(1.3, 1)
    const found = shiftsOf(history.push(4))
    expect(found.map(({ scenario, metric, job }) => ({ scenario, metric, job }))).toEqual([
      { scenario: machine.matrix[0]?.name, metric: 'latencyTail', job: 8 },
      { scenario: machine.matrix[0]?.name, metric: 'tokensPerSecond', job: 8 },
    ])
    expect(found[0]?.by).toBeCloseTo(0.3, 1)
    // Once found, it is not found again while older jobs leave.
    expect(shiftsOf(history.push(3))).toEqual(found)
  })

  it('of the whole machine is found as one of all scenarios together', () => {
    const { machine, history } = branch('quiet', 2)
    history.push(8)
    machine.main = slower(0.8)
    const found = shiftsOf(history.push(4))
    expect(found.map(({ scenario, job }) => ({ scenario, job }))).toEqual([
      { scenario: null, job: 8 },
      { scenario: null, job: 8 },
    ])
    expect(found[0]?.by).toBeCloseTo(-0.2, 1)
    // It is faster: nobody is told that the branch is slower than it was.
    expect(history.creep).toEqual([])
  })

  it('is not invented on machines that only drift', () => {
    const runs = environments.flatMap(({ name }) => Array.from({ length: 10 }, (_, seed) => branch(name, 100 + seed)))
    const restarted = runs.filter(({ history }) => shiftsOf(history.push(10)).length > 0)
    // At most 1 in 100 for a window of eight; 40 machines, ten pushes each.
    expect(restarted.length).toBeLessThanOrEqual(3)
  })
})

describe('a slowdown of 30 % that was accepted', () => {
  const accepted = [{ scenario: null, metric: null, reason: 'a larger model', source: 'commit 8' }]

  it('restarts the window: the next pull requests are judged by pairs, and screened again after three jobs', () => {
    const { machine, history } = branch('quiet', 3)
    history.push(8)
    machine.main = slower(1.3)
    const first = machine.judge(history.push(1, accepted), noChange)
    expect(first.report.conclusion).toBe('pass')
    expect(first.report.pairs).toBeGreaterThan(0)
    expect(first.report.notes.join()).toContain('(accepted: a larger model)')
    const fourth = machine.judge(history.push(3), noChange)
    expect(fourth.report).toMatchObject({ conclusion: 'pass', pairs: 0, notes: [] })
    expect(fourth.passes).toBeLessThanOrEqual(3)
  })

  it('is no creep, and nothing that the window still had to find', () => {
    const { machine, history } = branch('quiet', 4)
    history.push(8)
    machine.main = slower(1.3)
    history.push(1, accepted)
    history.push(8)
    expect(history.creep).toEqual([])
    expect(shiftsOf(history.window)).toEqual([])
  })

  it('without the restart would have passed for noise between jobs', () => {
    const { machine, history } = branch('quiet', 5)
    history.push(4)
    machine.main = slower(1.3)
    history.push(1, accepted)
    const window = history.push(3)
    const forgotten = { ...window, jobs: window.jobs.map((job) => ({ ...job, accepted: [], shifts: [] })) }
    expect(machine.judge(window, noChange).report.pairs).toBe(0)
    expect(machine.judge(forgotten, noChange).report.pairs).toBeGreaterThan(0)
  })
})

describe('a default branch that became slower without a word', () => {
  it.each(['quiet', 'noisy'])('is told so, and the next pull request is not blamed for it (%s machine)', (name) => {
    const { machine, history } = branch(name, 6)
    history.push(8)
    machine.main = slower(1.5)
    history.push(8)
    const { report } = machine.judge(history.window, noChange)
    expect(report.conclusion).toBe('pass')
    expect(new Set(report.cells.map(({ verdict }) => verdict))).toEqual(new Set(['unchanged']))
    expect(report.notes.join()).toContain('already slower than its best sustained level')
    expect(report.notes.join()).toContain('not blamed')
  })

  it('still convicts a pull request that is slower than the branch is now', () => {
    const { machine, history } = branch('quiet', 7)
    history.push(8)
    machine.main = slower(1.3)
    history.push(8)
    expect(machine.judge(history.window, { tail: 1.25, rate: 0.8, scenarios: 2 }).report.conclusion).toBe('regressed')
  })
})

describe('creep: twelve steps of +3 %, four pushes each', () => {
  it('passes any rolling median, and is told against the best level that the branch kept up', () => {
    const { machine, history } = branch('quiet', 8)
    history.push(8)
    const stepsPastMedian: number[] = []
    for (let step = 1; step <= 12; step++) {
      const before = median(aggregates(history.window))
      machine.main = slower(1.03 ** step)
      history.push(4)
      const now = aggregates(history.window).slice(-4)
      if (median(now) - before > Math.log(1.1)) stepsPastMedian.push(step)
    }
    // Each step is small against the window that has just followed the last one: no rule of 10 % against its median fires.
    expect(stepsPastMedian).toEqual([])
    const best = history.window.best.find(({ scenario, metric }) => scenario === null && metric === 'latencyTail')
    expect(best?.slower?.by).toBeGreaterThan(1.03 ** 12 - 1 - 0.05)
    expect(best?.slower?.by).toBeLessThan(1.03 ** 12 - 1 + 0.05)
    expect(history.creep.join()).toContain('all scenarios together by 4')
  })

  it('lets each step pass as a pull request: 3 % is within the margin', () => {
    const { machine, history } = branch('quiet', 9)
    const window = history.push(8)
    expect(machine.judge(window, slower(1.03)).report.conclusion).toBe('pass')
  })
})
