import { describe, expect, it } from 'vitest'
import { decide } from '../../src/judge/index.ts'
import type { ScenarioMetrics } from '../../src/metrics/index.ts'
import { summariseScenario } from '../../src/metrics/summarise.ts'
import type { Finding, TrialEvidence } from '../../src/model/trial.ts'
import { readAcceptance } from '../../src/plan/accepted/index.ts'
import { input, jitter, type Measure, measured, pairs, quietWindow, scenario, trial, verdicts } from './evidence.ts'

/** Everything here once made some gate green. Nothing of it may: red or invalid, with the reason named. */

const scenarios = [scenario('short'), scenario('long', { promptTokens: 512 })]
const same: Measure = (_side, random) => ({
  short: measured(10 * jitter(random, 0.01), jitter(random, 0.01)),
  long: measured(30 * jitter(random, 0.01), jitter(random, 0.01)),
})
const window = quietWindow(scenarios, same)
const finding = (code: string, of: string | null, message: string): Finding => ({
  code,
  scenario: of,
  message,
  hint: 'Fix it.',
})
const screen = (scenariosOfTrial: Record<string, ScenarioMetrics>, findings: Finding[] = []) =>
  [trial('head', null, scenariosOfTrial, findings), trial('head', null, scenariosOfTrial, findings)] as TrialEvidence[]
const good = () => ({ short: measured(10, 1), long: measured(30, 1) })
const without = (name: 'short' | 'long') => Object.fromEntries(Object.entries(good()).filter(([key]) => key !== name))

describe('never green', () => {
  it('no scenario in common between baseline and run', () => {
    const other = [scenario('other')]
    const trials = screen({ other: measured(10, 1) })
    const { report, next } = decide(input({ scenarios: other, window, trials }))
    expect(report.conclusion).toBe('invalid')
    expect(next).toEqual({ kind: 'done' })
    expect(report.findings[0]?.message).toContain('"short", "long"')
    expect(verdicts(report)['short latencyTail']).toBe('missing')
  })

  it('a scenario of the baseline that was removed', () => {
    const { report, next } = decide(input({ scenarios: [scenario('short')], window, trials: screen(good()) }))
    expect(report.conclusion).toBe('invalid')
    expect(next).toEqual({ kind: 'done' })
    expect(verdicts(report)).toMatchObject({ 'long latencyTail': 'missing', 'long tokensPerSecond': 'missing' })
  })

  it('a scenario of the baseline that was renamed, and says to what', () => {
    const renamed = [scenario('short'), scenario('longer', { promptTokens: 512 })]
    const { report } = decide(input({ scenarios: renamed, window, trials: pairs(4, same) }))
    expect(report.conclusion).toBe('invalid')
    expect(report.cells.find(({ verdict }) => verdict === 'missing')?.reason).toContain('"longer" is the same work')
  })

  it('pairs that do not differ at all, as when one recording is given for both sides', () => {
    const trials = pairs(14, () => good())
    const { report } = decide(input({ scenarios, trials, final: true }))
    expect(report.conclusion).toBe('inconclusive')
    expect(report.cells.map(({ verdict }) => verdict)).not.toContain('unchanged')
  })

  it('no trial at all, at the start and at the end', () => {
    for (const final of [false, true]) {
      for (const baseline of [null, window]) {
        const { report } = decide(input({ scenarios, window: baseline, final }))
        expect(report.conclusion).toBe('invalid')
      }
    }
  })

  it('no scenario at all', () => {
    const { report, next } = decide(input({ scenarios: [], trials: screen({}) }))
    expect(report).toMatchObject({ overall: 'invalid', conclusion: 'invalid' })
    expect(next).toEqual({ kind: 'done' })
  })

  it('a server that died: the whole trial is in doubt, and the reason stands in each row', () => {
    const died = finding('server-died', null, 'The server exited with code 139 after 12 requests.')
    for (const trials of [
      screen(good(), [died]),
      [...pairs(3, same), trial('base', 3, good()), trial('head', 3, {}, [died])],
    ]) {
      const { report, next } = decide(input({ scenarios, window: null, trials, final: true }))
      expect(report.conclusion).toBe('invalid')
      expect(next).toEqual({ kind: 'done' })
      for (const cell of report.cells) expect(cell.reason).toContain('code 139')
    }
  })

  it('a finding in one scenario makes it and all scenarios together invalid, not the others', () => {
    const failed = finding('failures', 'long', 'Every request failed.')
    const { report } = decide(input({ scenarios, window, trials: screen(without('long'), [failed]), final: true }))
    expect(report.conclusion).toBe('invalid')
    expect(verdicts(report)).toMatchObject({ 'long latencyTail': 'invalid', 'all latencyTail': 'invalid' })
    expect(verdicts(report)['short latencyTail']).not.toBe('invalid')
  })

  it('a finding about a scenario that nobody knows', () => {
    const unplanned = finding('unplanned-scenario', 'ghost', 'The trial measured "ghost".')
    const { report } = decide(input({ scenarios, window, trials: screen(good(), [unplanned]) }))
    expect(report.conclusion).toBe('invalid')
  })

  it('a finding after everything was decided', () => {
    const late = trial('head', 4, {}, [finding('gpu-throttled', null, 'The GPU was hot.')])
    const { report } = decide(input({ scenarios, trials: [...pairs(4, same), late], final: true }))
    expect(report.conclusion).toBe('invalid')
  })

  it('every request failed', () => {
    expect(
      summariseScenario([], { startMs: 0, endMs: 1, steadyStartMs: 0, steadyEndMs: 1 }, scenario('short')),
    ).toBeNull()
    const { report } = decide(input({ scenarios, window, trials: screen({}) }))
    expect(report.conclusion).toBe('invalid')
    expect(report.findings[0]).toMatchObject({ code: 'not-measured', scenario: 'short' })
  })

  it.each([
    ['zero', 0],
    ['negative', -5],
    ['NaN', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
    ['absent', null],
  ])('a metric that is %s, on either side, in the screen, in pairs and in the baseline', (_, value) => {
    for (const metric of ['latencyTail', 'tokensPerSecond'] as const) {
      const broken = { short: measured(10, 1, { [metric]: value }), long: measured(30, 1) }
      const cases = [
        { window, trials: screen(broken) },
        { window: null, trials: [...pairs(3, same), trial('base', 3, good()), trial('head', 3, broken)] },
        { window: null, trials: [...pairs(3, same), trial('base', 3, broken), trial('head', 3, good())] },
        { window: quietWindow(scenarios, () => broken), trials: screen(good()) },
      ]
      for (const given of cases) {
        const { report, next } = decide(input({ scenarios, ...given }))
        expect(report.conclusion).toBe('invalid')
        expect(next).toEqual({ kind: 'done' })
        expect(verdicts(report)['short latencyTail']).toBe('invalid')
      }
    }
  })

  it.each([Number.NaN, 0])('a metric that does not gate but is %s', (value) => {
    const { report } = decide(
      input({ scenarios, window, trials: screen({ ...good(), short: measured(10, 1, { ttftTail: value }) }) }),
    )
    expect(report.conclusion).toBe('invalid')
  })

  it('a baseline without any trial, or with too few jobs for a boundary: pairs, never an instant pass', () => {
    for (const baseline of [
      { ...window, jobs: [] },
      { ...window, jobs: window.jobs.slice(0, 2) },
    ]) {
      const { report, next } = decide(input({ scenarios, window: baseline, trials: screen(good()) }))
      expect(next).toMatchObject({ kind: 'pairs', scenarios: ['short', 'long'] })
      expect(report.conclusion).not.toBe('pass')
      expect(report.notes.join()).toContain('a screen needs 3')
    }
  })

  it('a baseline without spread: no boundary can be computed, so pairs decide and a note says so', () => {
    const frozen = quietWindow(scenarios, good, 9, 0)
    const { report, next } = decide(input({ scenarios, window: frozen, trials: screen(good()) }))
    expect(next).toMatchObject({ kind: 'pairs', pairs: 3 })
    expect(report.conclusion).not.toBe('pass')
    expect(report.notes.join()).toContain('no spread')
    const ended = decide(input({ scenarios, window: frozen, trials: screen(good()), final: true }))
    expect(ended.report.conclusion).toBe('inconclusive')
  })

  it('a baseline without spread in one scenario: its boundary is missing, so pairs must measure it', () => {
    const half: Measure = (side, random) => ({ ...same(side, random), long: measured(30, 1) })
    const frozen = quietWindow(scenarios, half, 9, 0)
    const { next } = decide(input({ scenarios, window: frozen, trials: screen(good()) }))
    expect(next).toMatchObject({ kind: 'pairs', scenarios: ['short', 'long'] })
  })

  it('a baseline of another percentile: not compared, pairs decide', () => {
    const other: Measure = (side, random) =>
      Object.fromEntries(Object.entries(same(side, random)).map(([name, of]) => [name, { ...of, percentile: 50 }]))
    const { report, next } = decide(input({ scenarios, window: quietWindow(scenarios, other) }))
    expect(next).toMatchObject({ kind: 'pairs' })
    expect(report.notes.join()).toContain('another percentile')
  })

  it('head trials alone, with no baseline and no pair, as a recording may hold', () => {
    const { report } = decide(input({ scenarios, trials: screen(good()), final: true }))
    expect(report.conclusion).toBe('inconclusive')
  })

  it('base trials alone', () => {
    const trials = [trial('base', 0, good()), trial('base', 1, good())]
    expect(decide(input({ scenarios, trials, final: true })).report.conclusion).not.toBe('pass')
  })

  it('too few samples: their finding is the reason', () => {
    const few = finding('samples', 'short', '12 of 30 requests succeeded; P90 needs 29.')
    const { report } = decide(input({ scenarios, window, trials: screen(without('short'), [few]) }))
    expect(report.cells[0]).toMatchObject({ verdict: 'invalid', reason: few.message, base: null, change: null })
  })

  it('a 90 % improvement since nothing was measured', () => {
    const empty: Measure = (side, random) => (side === 'head' ? {} : same(side, random))
    const { report } = decide(input({ scenarios, trials: pairs(8, empty), final: true }))
    expect(report.conclusion).toBe('invalid')
    const tokensOfNothing = { short: measured(0.001, 0, { tpotMean: null, tokensPerSecond: 0 }), long: measured(30, 1) }
    expect(decide(input({ scenarios, window, trials: screen(tokensOfNothing) })).report.conclusion).toBe('invalid')
  })

  it('a scenario that one side of one pair did not measure', () => {
    const trials = pairs(4, same)
    trials[5] = trial('head', 2, without('long'))
    const { report } = decide(input({ scenarios, trials }))
    expect(verdicts(report)).toMatchObject({ 'long latencyTail': 'invalid', 'all latencyTail': 'invalid' })
    expect(report.conclusion).toBe('invalid')
  })

  it.each([
    ['a pair is missing', (all: TrialEvidence[]) => all.filter(({ pair }) => pair !== 1)],
    ['a side is missing', (all: TrialEvidence[]) => all.filter(({ id }) => id !== 'h1')],
    ['a side is there twice', (all: TrialEvidence[]) => [...all, trial('head', 1, good())]],
  ])('a damaged recording: %s', (_, damage) => {
    const { report } = decide(input({ scenarios, trials: damage(pairs(4, same)) }))
    expect(report.conclusion).toBe('invalid')
    expect(report.findings[0]?.code).toBe('damaged-pairs')
  })

  it('the same scenario twice, and trials that mix percentiles', () => {
    expect(
      decide(input({ scenarios: [scenario('short'), scenario('short')], trials: pairs(4, same) })).report.conclusion,
    ).toBe('invalid')
    const mixed: Measure = (side, random) => {
      const all = same(side, random)
      const { short } = all
      return short && side === 'head' ? { ...all, short: { ...short, percentile: 50 } } : all
    }
    expect(decide(input({ scenarios, trials: pairs(4, mixed) })).report.conclusion).toBe('invalid')
  })

  it('a slowdown that rests on a trial in doubt is no proof: invalid, not slower', () => {
    const slow: Measure = (side, random) => {
      const factor = side === 'head' ? 2 : 1
      return {
        short: measured(10 * jitter(random, 0.01), jitter(random, 0.01)),
        long: measured(30 * factor * jitter(random, 0.01), factor * jitter(random, 0.01)),
      }
    }
    const trials = pairs(8, slow).map((one) =>
      one.id === 'h2' ? { ...one, findings: [finding('gpu-throttled', null, 'The GPU was throttled.')] } : one,
    )
    expect(decide(input({ scenarios, trials })).report.conclusion).toBe('invalid')
  })

  it.each([
    ['trailer', 'LLM-Perf-Acept: long all: on purpose', 'bug'],
    ['trailer’s scenario', 'LLM-Perf-Accept: lnog all: on purpose', 'bug'],
    ['trailer’s metric', 'LLM-Perf-Accept: all latncy: on purpose', 'bug'],
    ['label', 'Reviewed-by: Ada', 'llm-perf: acept'],
    ['label’s scenario', 'Reviewed-by: Ada', 'llm-perf: accept lnog all'],
  ])('an override whose %s is misspelt', (_what, trailer, label) => {
    const slow: Measure = (side, random) => {
      const factor = side === 'head' ? 2 : 1
      return {
        short: measured(10 * jitter(random, 0.01), jitter(random, 0.01)),
        long: measured(30 * factor * jitter(random, 0.01), factor * jitter(random, 0.01)),
      }
    }
    const { accepted, problems } = readAcceptance({
      commits: [{ sha: 'a'.repeat(40), author: 'Ada', message: `Slower\n\n${trailer}` }],
      labels: [{ name: label, setBy: null }],
      isFork: false,
      scenarios: scenarios.map(({ name }) => name),
    })
    const { report } = decide(input({ scenarios, trials: pairs(8, slow), accepted, notes: problems }))
    expect(report.conclusion).toBe('regressed')
    expect(report.notes[0]).toMatch(/accepts nothing/)
  })

  it('a proven slowdown stays red when a later trial breaks', () => {
    const slow: Measure = (side, random) => {
      const factor = side === 'head' ? 2 : 1
      return {
        short: measured(10 * jitter(random, 0.01), jitter(random, 0.01)),
        long: measured(30 * factor * jitter(random, 0.01), factor * jitter(random, 0.01)),
      }
    }
    const died = trial('head', 8, {}, [finding('server-died', null, 'The server died.')])
    const { report } = decide(input({ scenarios, trials: [...pairs(8, slow), died], final: true }))
    expect(report).toMatchObject({ overall: 'regressed', conclusion: 'regressed' })
    expect(verdicts(report)).toMatchObject({ 'long latencyTail': 'regressed', 'short latencyTail': 'invalid' })
  })
})
