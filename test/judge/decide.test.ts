import { describe, expect, it } from 'vitest'
import { type DecisionInput, decide } from '../../src/judge/index.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import { input, jitter, type Measure, measured, pairs, quietWindow, scenario, trial, verdicts } from './evidence.ts'

const scenarios = [scenario('short'), scenario('long', { promptTokens: 512 })]

/** Head is slower by these factors; every value has about one per cent of noise. */
const measure =
  (factors: { short: number; long: number }, only?: readonly string[]): Measure =>
  (side, random) => {
    const factor = (name: 'short' | 'long') => (side === 'head' ? factors[name] : 1) * jitter(random, 0.01)
    const all = {
      short: measured(10 * factor('short'), factor('short')),
      long: measured(30 * factor('long'), factor('long')),
    }
    return Object.fromEntries(Object.entries(all).filter(([name]) => only?.includes(name) ?? true))
  }

const same = measure({ short: 1, long: 1 })
const screenTrials = (of: Measure, count = 2) => {
  let seed = 0
  return Array.from({ length: count }, () =>
    trial(
      'head',
      null,
      of('head', () => (seed = (seed + 0.37) % 1)),
    ),
  )
}

describe('decide without a baseline', () => {
  it('asks for pairs of every scenario up to the first look, and says why', () => {
    const { report, next } = decide(input({ scenarios }))
    expect(next).toEqual({ kind: 'pairs', scenarios: ['short', 'long'], pairs: 3 })
    expect(report.conclusion).not.toBe('pass')
    expect(report.notes.join()).toContain('no baseline')
  })

  it('passes an unchanged server at the first look', () => {
    const { report, next } = decide(input({ scenarios, trials: pairs(4, same), notes: ['first run'] }))
    expect(next).toEqual({ kind: 'done' })
    expect(report.conclusion).toBe('pass')
    expect(report.pairs).toBe(4)
    expect(report.notes[0]).toBe('first run')
    expect(new Set(report.cells.map(({ verdict, decidedBy }) => `${verdict} ${decidedBy}`))).toEqual(
      new Set(['unchanged pairs']),
    )
  })

  it('convicts a slowdown at eight pairs, not before, with exact p and an interval that holds the truth', () => {
    const slow = measure({ short: 1, long: 1.5 })
    expect(decide(input({ scenarios, trials: pairs(4, slow) })).report.conclusion).toBe('inconclusive')
    const { report } = decide(input({ scenarios, trials: pairs(8, slow) }))
    expect(report.conclusion).toBe('regressed')
    const worst = report.cells.find(({ scenario, metric }) => scenario === 'long' && metric === 'latencyTail')
    expect(worst).toMatchObject({ verdict: 'regressed', decidedBy: 'pairs', pairs: 8, pValue: 1 / 256, margin: 0.1 })
    expect(worst?.change?.low).toBeLessThan(0.5)
    expect(worst?.change?.high).toBeGreaterThan(0.5)
    expect(worst?.change?.low).toBeGreaterThan(0.45)
    expect((worst?.head ?? 0) / (worst?.base ?? 1) - 1).toBeCloseTo(worst?.change?.estimate ?? Number.NaN, 9)
    const rate = report.cells.find(({ scenario, metric }) => scenario === 'long' && metric === 'tokensPerSecond')
    // Half as slow again is a third fewer tokens per second.
    expect(rate?.change?.estimate).toBeCloseTo(-1 / 3, 1)
    expect(rate?.change?.low).toBeLessThan(rate?.change?.high ?? Number.NaN)
    expect(report.cells.at(0)?.verdict).toBe('regressed')
    expect(report.cells.at(-1)).toMatchObject({ scenario: 'short', verdict: 'unchanged' })
  })

  it('calls an improvement improved, and passes', () => {
    const { report, next } = decide(input({ scenarios, trials: pairs(8, measure({ short: 0.6, long: 0.6 })) }))
    expect(next).toEqual({ kind: 'done' })
    expect(report).toMatchObject({ overall: 'improved', conclusion: 'pass' })
    expect(new Set(report.cells.map(({ verdict }) => verdict))).toEqual(new Set(['improved']))
  })

  it('measures only the scenarios that are still open', () => {
    // One scenario each way leaves all scenarios together unchanged.
    const mixed = decide(
      input({ scenarios: [...scenarios, scenario('third')], trials: pairs(4, withThird(1.4, 1 / 1.4)) }),
    )
    expect(mixed.next).toEqual({ kind: 'pairs', scenarios: ['long', 'third'], pairs: 2 })
  })

  it('judges one scenario without an "all scenarios" row', () => {
    const { report } = decide(
      input({ scenarios: [scenario('short')], trials: pairs(4, measure({ short: 1, long: 1 }, ['short'])) }),
    )
    expect(verdicts(report)).toEqual({ 'short latencyTail': 'unchanged', 'short tokensPerSecond': 'unchanged' })
  })
})

/** `short` stays, `long` and `third` change. */
const withThird =
  (long: number, third: number): Measure =>
  (side, random) => ({
    ...measure({ short: 1, long })(side, random),
    third: measured(10 * (side === 'head' ? third : 1) * jitter(random, 0.01), side === 'head' ? third : 1),
  })

describe('decide with a quiet baseline', () => {
  const window = quietWindow(scenarios, same)

  it('screens first, and passes what looks like the baseline without any pair', () => {
    expect(decide(input({ scenarios, window })).next).toEqual({ kind: 'screen', trials: 2 })
    const { report, next } = decide(input({ scenarios, window, trials: screenTrials(same) }))
    expect(next).toEqual({ kind: 'done' })
    expect(report).toMatchObject({ conclusion: 'pass', pairs: 0, trials: 2, nullControl: null })
    for (const cell of report.cells) {
      expect(cell).toMatchObject({ verdict: 'unchanged', decidedBy: 'screen', pValue: null })
      expect(cell.change?.low).toBeLessThan(0)
      expect(cell.change?.high).toBeGreaterThan(0)
      expect(cell.mde).toBeGreaterThan(0)
    }
    expect(report.shown.length).toBe(12)
  })

  it('waits for the rest of the screen', () => {
    expect(decide(input({ scenarios, window, trials: screenTrials(same, 1) })).next).toEqual({
      kind: 'screen',
      trials: 1,
    })
  })

  it('confirms a suspicion by pairs: the baseline alone never convicts', () => {
    const slow = measure({ short: 1, long: 3 })
    const suspected = decide(input({ scenarios, window, trials: screenTrials(slow) }))
    expect(suspected.next).toMatchObject({ kind: 'pairs', pairs: 3 })
    expect(suspected.report.conclusion).toBe('inconclusive')
    const ended = decide(input({ scenarios, window, trials: screenTrials(slow), final: true }))
    expect(ended.report.conclusion).toBe('inconclusive')
    const confirmed = decide(input({ scenarios, window, trials: [...screenTrials(slow), ...pairs(8, slow)] }))
    expect(confirmed.report.conclusion).toBe('regressed')
  })

  it('acquits a suspicion that the pairs do not share', () => {
    const suspicious = screenTrials(measure({ short: 1, long: 1.5 }))
    const { report } = decide(input({ scenarios, window, trials: [...suspicious, ...pairs(4, same)] }))
    expect(report.conclusion).toBe('pass')
    expect(verdicts(report)['long latencyTail']).toBe('unchanged')
  })

  it('confirms an improvement that looks too good', () => {
    const fast = screenTrials(measure({ short: 1, long: 0.5 }))
    expect(decide(input({ scenarios, window, trials: fast })).next).toMatchObject({ kind: 'pairs' })
  })

  it('goes to pairs for a scenario that is new or was redefined, and judges it by them', () => {
    const changed = [scenario('short'), scenario('long', { promptTokens: 1024 })]
    const first = decide(input({ scenarios: changed, window }))
    expect(first.next).toEqual({ kind: 'pairs', scenarios: ['short', 'long'], pairs: 3 })
    expect(first.report.notes.join()).toContain('"long"')
    const { report } = decide(input({ scenarios: changed, window, trials: pairs(4, same) }))
    expect(report.conclusion).toBe('pass')
  })

  it('calls a scenario new when nothing but head has measured it, and does not pass', () => {
    const more = [...scenarios, scenario('third')]
    const trials = [trial('head', null, { ...same('head', () => 0.5), third: measured(10, 1) })]
    const { report } = decide(input({ scenarios: more, window, trials, final: true }))
    expect(verdicts(report)['third latencyTail']).toBe('new')
    expect(report.conclusion).toBe('inconclusive')
  })
})

describe('decide at the end', () => {
  it('turns what is undecided into inconclusive, and says what would decide it', () => {
    const wild: Measure = (_side, random) => ({ short: measured(10 * jitter(random, 0.6), 1 * jitter(random, 0.6)) })
    const trials = pairs(5, wild)
    const only = [scenario('short')]
    expect(decide(input({ scenarios: only, trials })).next).toEqual({ kind: 'pairs', scenarios: ['short'], pairs: 1 })
    const { report, next } = decide(input({ scenarios: only, trials, final: true }))
    expect(next).toEqual({ kind: 'done' })
    expect(report.conclusion).toBe('inconclusive')
    expect(report.cells[0]?.pairs).toBe(5)
    expect(report.cells[0]?.wouldDecide).toMatch(/would decide it|What decides it/)
  })

  it('never convicts with fewer pairs than an exact test needs, however large the slowdown', () => {
    const policy = { ...defaultPolicy, maxPairs: 6 }
    const { report } = decide(
      input({ scenarios, policy, trials: pairs(6, measure({ short: 9, long: 9 })), final: true }),
    )
    expect(report.conclusion).toBe('inconclusive')
  })

  it('uses the whole error budget at the last look', () => {
    const policy = { ...defaultPolicy, maxPairs: 8 }
    const { report, next } = decide(input({ scenarios, policy, trials: pairs(8, measure({ short: 1.5, long: 1.5 })) }))
    expect(next).toEqual({ kind: 'done' })
    expect(report.conclusion).toBe('regressed')
  })

  it('ignores a half pair that the budget cut off', () => {
    const trials = [
      ...pairs(4, same),
      trial(
        'base',
        4,
        same('base', () => 0.5),
      ),
    ]
    const { report } = decide(input({ scenarios, trials, final: true }))
    expect(report).toMatchObject({ conclusion: 'pass', pairs: 4, trials: 9 })
  })
})

describe('decide as a replay', () => {
  const slow = measure({ short: 1, long: 1.6 })
  const run = (given: Pick<DecisionInput, 'window'>) => {
    const trials = given.window ? screenTrials(slow) : []
    let steps = 0
    for (;;) {
      const { report, next } = decide(input({ scenarios, trials, ...given }))
      if (next.kind !== 'pairs' || steps++ > 10) return { report, trials, next }
      const done = new Set(trials.flatMap((one) => one.pair ?? [])).size
      trials.push(...pairs(next.pairs, measure({ short: 1, long: 1.6 }, next.scenarios), done))
    }
  }

  it.each([{ window: null }, { window: quietWindow(scenarios, same) }])(
    'comes to the same report from a recording as step by step (%#)',
    ({ window }) => {
      const live = run({ window })
      expect(live.next).toEqual({ kind: 'done' })
      expect(live.report.conclusion).toBe('regressed')
      const recorded = decide(input({ scenarios, window, trials: live.trials, final: true }))
      expect(recorded.report).toEqual(live.report)
    },
  )

  it('does not depend on the seed or on the objects it was given before', () => {
    const trials = pairs(8, slow)
    const once = decide(input({ scenarios, trials }))
    expect(decide(input({ scenarios, trials: structuredClone(trials), seed: 99 }))).toEqual(once)
  })
})

describe('the null control', () => {
  const drifting: Measure = (side, random) => {
    calls++
    // Every second base trial runs on a hot machine; head is slower in each pair.
    const heat = Math.floor((calls - 1) / 2) % 2 === 0 ? 1 : 1.5
    const factor = (side === 'head' ? 2 : 1) * heat * jitter(random, 0.01)
    return { short: measured(10 * factor, factor), long: measured(30 * factor, factor) }
  }
  let calls = 0

  it('demotes every slowdown to inconclusive when base differs from base', () => {
    calls = 0
    const { report } = decide(input({ scenarios, trials: pairs(8, drifting) }))
    expect(report.nullControl?.passed).toBe(false)
    expect(report.nullControl?.text).toContain('nothing changed')
    expect(report.conclusion).toBe('inconclusive')
    expect(report.cells[0]?.reason).toContain('base differed from base')
  })

  it('passes on a machine at rest, and needs four pairs to speak', () => {
    expect(
      decide(input({ scenarios, trials: pairs(8, measure({ short: 2, long: 2 })) })).report.nullControl?.passed,
    ).toBe(true)
    expect(decide(input({ scenarios, trials: pairs(3, same) })).report.nullControl).toBeNull()
  })
})
