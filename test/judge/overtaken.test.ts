import { describe, expect, it } from 'vitest'
import { decide } from '../../src/judge/index.ts'
import type { ScenarioMetrics } from '../../src/metrics/index.ts'
import type { AcceptedSlowdown } from '../../src/model/accepted.ts'
import type { Side, TrialEvidence } from '../../src/model/trial.ts'
import { input, measured, scenario, trial, verdicts } from './evidence.ts'

const scenarios = [scenario('slow'), scenario('calm')]

/** How much slower each scenario is in each pair, as a factor; base has a little noise of its own. */
type Factors = Readonly<Record<string, readonly number[]>>

const noise = [1.003, 0.996, 1.002, 0.999, 1.004, 0.997, 1.001, 0.998, 1.002, 0.997, 1.003]

function pairsOf(factors: Factors, from = 0): TrialEvidence[] {
  const count = Object.values(factors)[0]?.length ?? 0
  const metricsOf = (side: Side, pair: number): Record<string, ScenarioMetrics> =>
    Object.fromEntries(
      Object.entries(factors).map(([name, slower], place) => {
        const own = noise[(pair + 3 * place) % noise.length] ?? 1
        const factor = side === 'head' ? (slower[pair - from] ?? 1) : own
        return [name, measured(10 * factor, factor)]
      }),
    )
  return Array.from({ length: count }, (_, index) => from + index).flatMap((pair) => [
    trial('base', pair, metricsOf('base', pair)),
    trial('head', pair, metricsOf('head', pair)),
  ])
}

/** `slow` is a fifth slower in every pair. */
const slow = [1.2, 1.21, 1.19, 1.2, 1.22, 1.18, 1.2, 1.21]
/** Cleared by the third pair. What comes after keeps all scenarios together from being decided. */
const calm = [1.001, 0.999, 1.002, 1.3, 0.7, 1.35, 0.72, 0.8]
const eight = pairsOf({ slow, calm })

const accept = (given: Partial<AcceptedSlowdown> = {}): AcceptedSlowdown => ({
  scenario: 'slow',
  metric: null,
  reason: 'on purpose',
  source: 'commit 1 by Ada',
  ...given,
})

describe('all scenarios together, after one of them is proven slower', () => {
  it('are not pursued any further: the verdict is the same whatever they come to', () => {
    const { report, next } = decide(input({ scenarios, trials: eight }))
    expect(next).toEqual({ kind: 'done' })
    expect(report.conclusion).toBe('regressed')
    expect(verdicts(report)).toEqual({
      'slow latencyTail': 'regressed',
      'slow tokensPerSecond': 'regressed',
      'calm latencyTail': 'unchanged',
      'calm tokensPerSecond': 'unchanged',
      'all latencyTail': 'inconclusive',
      'all tokensPerSecond': 'inconclusive',
    })
    const all = report.cells.filter((cell) => cell.scenario === null)
    for (const { reason, wouldDecide } of all) {
      expect(reason).toMatch(/^8 pairs: .*: not pursued any further, since "slow" alone is proven slower\.$/)
      expect(wouldDecide).toBeNull()
    }
    expect(decide(input({ scenarios, trials: eight, final: true })).report.cells).toEqual(report.cells)
  })

  it('are pursued until then', () => {
    const { next } = decide(input({ scenarios, trials: eight.slice(0, 12) }))
    expect(next).toEqual({ kind: 'pairs', scenarios: ['slow', 'calm'], pairs: 2 })
  })

  it('are pursued where the team accepts that slowdown: then they decide', () => {
    const { next } = decide(input({ scenarios, trials: eight, accepted: [accept()] }))
    expect(next).toEqual({ kind: 'pairs', scenarios: ['slow', 'calm'], pairs: 3 })
    const ofOthers = [accept({ scenario: 'calm' })]
    expect(decide(input({ scenarios, trials: eight, accepted: ofOthers })).next).toEqual({ kind: 'done' })
  })

  it('are pursued while base differs from base: then nothing proven is believed yet', () => {
    // Every second base trial is half as slow again, and so is the head beside it.
    const uneven = eight.map((one) => {
      const factor = (one.pair ?? 0) % 2 === 0 ? 1 : 1.5
      const metrics = Object.entries(one.scenarios).map(([name, { values }]) => {
        const { latencyTail, tokensPerSecond } = values
        const scaled = { latencyTail: (latencyTail ?? 1) * factor, tokensPerSecond: (tokensPerSecond ?? 1) / factor }
        return [name, measured(1, 1, scaled)]
      })
      return { ...one, scenarios: Object.fromEntries(metrics) as typeof one.scenarios }
    })
    const { report, next } = decide(input({ scenarios, trials: uneven }))
    expect(report.nullControl?.passed).toBe(false)
    expect(verdicts(report)).toMatchObject({ 'slow latencyTail': 'inconclusive', 'all latencyTail': 'inconclusive' })
    expect(next).toEqual({ kind: 'pairs', scenarios: ['slow', 'calm'], pairs: 3 })
    expect(report.cells.filter(({ reason }) => reason.includes('not pursued'))).toEqual([])
  })

  it('are pursued in a metric in which nothing is proven slower', () => {
    // Tokens/s of each scenario fall by less than its margin, of both together by more than theirs.
    const little = pairsOf({ slow, calm: [1.016, 1.014, 1.015, ...calm.slice(3)] }).map((one) => {
      const metrics = one.scenarios.slow ?? measured(1, 1)
      const tokensPerSecond = (one.side === 'head' ? 0.952 : 1) * 500 * (noise[one.order % noise.length] ?? 1)
      const changed = { ...metrics, values: { ...metrics.values, tokensPerSecond } }
      return { ...one, scenarios: { ...one.scenarios, slow: changed } }
    })
    const { report, next } = decide(input({ scenarios, trials: little }))
    expect(verdicts(report)).toMatchObject({ 'slow latencyTail': 'regressed', 'all tokensPerSecond': 'inconclusive' })
    expect(next).toEqual({ kind: 'pairs', scenarios: ['slow', 'calm'], pairs: 3 })
    const all = report.cells.find((cell) => cell.scenario === null && cell.metric === 'tokensPerSecond')
    expect(all?.reason).toMatch(/not decided yet/)
  })

  describe('beside a scenario that is still open', () => {
    const three = [...scenarios, scenario('open')]
    const open = [1.3, 0.7, 1.25, 0.75, 1.3, 0.7, 1.28, 0.72]
    const before = pairsOf({ slow, calm, open })

    it('let the pairs go on with that one alone', () => {
      const { next } = decide(input({ scenarios: three, trials: before }))
      expect(next).toEqual({ kind: 'pairs', scenarios: ['open'], pairs: 3 })
    })

    it('keep what the pairs showed that measured all of them', () => {
      const trials = [...before, ...pairsOf({ open: [1.27, 0.7, 1.3] }, 8)]
      const { report } = decide(input({ scenarios: three, trials, final: true }))
      const all = report.cells.filter((cell) => cell.scenario === null)
      expect(all.map(({ verdict, pairs }) => `${verdict} ${pairs}`)).toEqual(['inconclusive 8', 'inconclusive 8'])
      expect(verdicts(report)).toMatchObject({ 'slow latencyTail': 'regressed', 'open latencyTail': 'inconclusive' })
      expect(report.conclusion).toBe('regressed')
    })

    it('are judged by later pairs that measured all of them all the same', () => {
      const more = pairsOf({ slow: [1.2, 1.2, 1.2], calm: [1, 1, 1], open: [1.27, 0.7, 1.3] }, 8)
      const { report } = decide(input({ scenarios: three, trials: [...before, ...more], final: true }))
      const all = report.cells.filter((cell) => cell.scenario === null)
      expect(all.map(({ pairs }) => pairs)).toEqual([11, 11])
    })

    it('are invalid as ever where a pair lacks a scenario and nothing is proven', () => {
      const still = pairsOf({
        slow: slow
          .map(() => 1.3)
          .with(1, 0.7)
          .with(4, 0.6),
        calm,
        open,
      })
      const trials = [...still, ...pairsOf({ open: [1.27, 0.7, 1.3] }, 8)]
      const { report } = decide(input({ scenarios: three, trials, final: true }))
      expect(verdicts(report)).toMatchObject({ 'all latencyTail': 'invalid' })
    })
  })
})
