import { describe, expect, it } from 'vitest'
import { decide } from '../../src/judge/index.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import type { JudgeReport } from '../../src/model/verdict.ts'
import { input, jitter, type Measure, measured, pairs, quietWindow, scenario } from './evidence.ts'

const scenarios = [scenario('short'), scenario('long')]
const around =
  (width: number): Measure =>
  (_side, random) => ({
    short: measured(10 * jitter(random, width), jitter(random, width)),
    long: measured(30 * jitter(random, width), jitter(random, width)),
  })
const mdes = ({ cells }: JudgeReport) => cells.map(({ mde }) => mde)

describe('what a run could have seen', () => {
  it('is worked out when the run is over, and not before', () => {
    const trials = pairs(3, around(0.4))
    expect(decide(input({ scenarios, trials })).next.kind).toBe('pairs')
    expect(new Set(mdes(decide(input({ scenarios, trials })).report))).toEqual(new Set([null]))
    for (const mde of mdes(decide(input({ scenarios, trials: pairs(8, around(0.02)) })).report)) {
      expect(mde).toBeGreaterThan(0)
    }
  })

  it('is at least the margin, in the metric’s own direction', () => {
    const { report } = decide(input({ scenarios, trials: pairs(8, around(0.02)), final: true }))
    for (const { metric, scenario: name, mde } of report.cells) {
      const { margins } = defaultPolicy
      const one = metric === 'latencyTail' ? margins.latencyTail : margins.tokensPerSecond
      expect(mde).toBeGreaterThanOrEqual((name === null ? one / 2 : one) - 1e-9)
      expect(mde).toBeLessThan(1)
    }
  })

  it('is nothing where the time ended before any pair could convict', () => {
    const { report } = decide(input({ scenarios, trials: pairs(5, around(0.4)), final: true }))
    expect(report.conclusion).toBe('inconclusive')
    expect(new Set(mdes(report))).toEqual(new Set([null]))
  })

  it('is less where the time ended with fewer pairs than were planned', () => {
    const wild = around(0.4)
    const early = decide(input({ scenarios, trials: pairs(9, wild), final: true })).report
    const policy = { ...defaultPolicy, maxPairs: 18 }
    const whole = decide(input({ scenarios, trials: pairs(18, wild), policy, final: true })).report
    const worst = (report: JudgeReport) => Math.max(...mdes(report).map((mde) => mde ?? Number.NaN))
    expect(early.conclusion).toBe('inconclusive')
    expect(worst(early)).toBeGreaterThan(worst(whole))
  })

  it('is the same for one evidence, judged step by step or at once', () => {
    const window = quietWindow(scenarios, around(0.02), 9, 0.3)
    const trials = pairs(4, around(0.02))
    const live = decide(input({ scenarios, window, trials }))
    expect(live.next).toEqual({ kind: 'done' })
    expect(mdes(decide(input({ scenarios, window, trials, final: true })).report)).toEqual(mdes(live.report))
  })
})

describe('what would decide an undecided row', () => {
  const trials = pairs(5, around(0.3))
  const { report } = decide(input({ scenarios, trials, final: true }))

  it('is said of each of them, and of no other', () => {
    expect(report.cells.some(({ verdict }) => verdict === 'inconclusive')).toBe(true)
    for (const { verdict, wouldDecide } of report.cells) {
      expect(wouldDecide === null, wouldDecide ?? '').toBe(verdict !== 'inconclusive')
    }
  })

  it('reckons with the minutes that this run took: 30 + 2 requests of each scenario, twice a pair', () => {
    const slow = trials.map((trial) => ({ ...trial, startupMs: 120_000 }))
    const { report: slower } = decide(input({ scenarios, trials: slow, final: true }))
    const budget = ({ cells }: JudgeReport) =>
      cells.flatMap(({ wouldDecide }) => /gate\.budget-minutes: (\d+)/.exec(wouldDecide ?? '')?.[1] ?? []).map(Number)
    // Two minutes of start a trial more: four a pair, and at least three pairs to the next look.
    expect(budget(slower).length).toBeGreaterThan(0)
    expect(Math.min(...budget(slower))).toBeGreaterThanOrEqual(60 + 3 * 4)
  })

  it('is not said where more is still to be measured', () => {
    const { report: open } = decide(input({ scenarios, trials: pairs(3, around(0.3)) }))
    expect(open.cells.every(({ wouldDecide }) => wouldDecide === null)).toBe(true)
  })
})
