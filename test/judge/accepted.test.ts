import { describe, expect, it } from 'vitest'
import { decide } from '../../src/judge/index.ts'
import type { AcceptedSlowdown } from '../../src/model/accepted.ts'
import type { Finding } from '../../src/model/trial.ts'
import { input, jitter, type Measure, measured, pairs, quietWindow, scenario, trial, verdicts } from './evidence.ts'

const accept = (
  of: AcceptedSlowdown['scenario'],
  metric: AcceptedSlowdown['metric'] = null,
  reason = 'grammar checking is on now',
): AcceptedSlowdown => ({ scenario: of, metric, reason, source: 'commit 0123456789ab by Ada' })

/** Head is slower by these factors; every value has about one per cent of noise. */
const slower =
  (factors: Readonly<Record<string, number>>, noise = 0.01): Measure =>
  (side, random) =>
    Object.fromEntries(
      Object.entries(factors).map(([name, slow]) => {
        const factor = (side === 'head' ? slow : 1) * jitter(random, noise)
        return [name, measured(20 * factor, factor)]
      }),
    )

function judge(factors: Readonly<Record<string, number>>, accepted: readonly AcceptedSlowdown[], noise?: number) {
  const scenarios = Object.keys(factors).map((name) => scenario(name))
  return decide(input({ scenarios, trials: pairs(8, slower(factors, noise)), accepted, final: true })).report
}

describe('an accepted slowdown', () => {
  it('does not fail the check, and its row says how much, by whom and why', () => {
    const report = judge({ a: 1.5, b: 1 }, [accept('a')])
    expect(report).toMatchObject({ overall: 'accepted', conclusion: 'pass' })
    const row = report.cells.find((cell) => cell.scenario === 'a' && cell.metric === 'latencyTail')
    expect(row).toMatchObject({ verdict: 'accepted', pairs: 8, accepted: accept('a'), pValue: 1 / 256 })
    expect(row?.change?.estimate).toBeGreaterThan(0.45)
    expect(row?.reason).toMatch(/^Accepted by commit 0123456789ab by Ada: grammar checking is on now\. .*8 pairs: \+/)
    expect(report.accepted).toEqual([accept('a')])
  })

  it.each(['it is faster at last!', 'who would notice?', 'we know.'])('keeps the mark at the end of "%s"', (reason) => {
    const row = judge({ a: 1.5 }, [accept('a', null, reason)]).cells.find(({ scenario: name }) => name === 'a')
    expect(row?.reason).toContain(`by Ada: ${reason} 8 pairs:`)
  })

  it('keeps the figures of every row, what is measured next and the other rows as they are without it', () => {
    const scenarios = [scenario('a'), scenario('b')]
    for (const count of [3, 8]) {
      const trials = pairs(count, slower({ a: 1.5, b: 1.5 }))
      const plain = decide(input({ scenarios, trials }))
      const accepting = decide(input({ scenarios, trials, accepted: [accept('a')] }))
      expect(accepting.next).toEqual(plain.next)
      expect(verdicts(accepting.report)['b latencyTail']).toBe(verdicts(plain.report)['b latencyTail'])
      const figures = ({ report }: typeof plain) =>
        Object.fromEntries(
          report.cells.map(({ scenario: name, metric, base, head, change, pValue, mde }) => [
            `${name} ${metric}`,
            { base, head, change, pValue, mde },
          ]),
        )
      expect(figures(accepting)).toEqual(figures(plain))
    }
  })

  it('still says which phase moved', () => {
    const report = judge({ a: 1.5, b: 1 }, [accept(null)])
    expect(report.diagnoses.map((one) => one.scenario)).toEqual(['a'])
  })

  it('covers the metric that it names, and no other', () => {
    const cells = verdicts(judge({ a: 1.5, b: 1 }, [accept('a', 'latencyTail')]))
    expect(cells).toMatchObject({ 'a latencyTail': 'accepted', 'a tokensPerSecond': 'regressed' })
  })

  it('covers the scenario that it names, and no other', () => {
    const report = judge({ a: 1.5, b: 1.5 }, [accept('a')])
    expect(report.conclusion).toBe('regressed')
    expect(verdicts(report)).toMatchObject({ 'a latencyTail': 'accepted', 'b latencyTail': 'regressed' })
  })

  it('of everything covers everything that is slower', () => {
    const report = judge({ a: 1.5, b: 1.5 }, [accept(null)])
    expect(new Set(report.cells.map(({ verdict }) => verdict))).toEqual(new Set(['accepted']))
    expect(report.conclusion).toBe('pass')
  })

  it('that nothing is slower for changes nothing, and the reader is told', () => {
    const report = judge({ a: 1, b: 1 }, [accept('a', 'latencyTail')])
    expect(report).toMatchObject({ overall: 'unchanged', conclusion: 'pass' })
    expect(report.notes.join()).toMatch(/"a latency" was accepted \(commit 0123456789ab by Ada\).*changed nothing/)
  })
})

describe('all scenarios together', () => {
  it('is red without a word about it, even where one scenario is the whole cause', () => {
    expect(verdicts(judge({ a: 1.5, b: 1 }, []))['all latencyTail']).toBe('regressed')
  })

  it('is accepted where the accepted scenario is the whole cause, beside one other', () => {
    const report = judge({ a: 1.5, b: 1 }, [accept('a')])
    expect(verdicts(report)).toMatchObject({ 'all latencyTail': 'accepted', 'b latencyTail': 'unchanged' })
  })

  it('is accepted where the others together are shown not to be slower', () => {
    const report = judge({ a: 2, b: 1, c: 1 }, [accept('a')])
    expect(report.conclusion).toBe('pass')
    const together = report.cells.find((cell) => cell.scenario === null && cell.metric === 'latencyTail')
    expect(together).toMatchObject({ verdict: 'accepted', accepted: accept('a') })
    expect(together?.reason).toContain('other 2 scenarios together are not slower')
  })

  it('stays red where the others are slower too, although none of them by more than its own margin', () => {
    const report = judge({ a: 2, b: 1.08, c: 1.08 }, [accept('a')])
    expect(verdicts(report)).toMatchObject({
      'a latencyTail': 'accepted',
      'b latencyTail': 'unchanged',
      'c latencyTail': 'unchanged',
      'all latencyTail': 'regressed',
    })
    expect(report.conclusion).toBe('regressed')
    const together = report.cells.find((cell) => cell.scenario === null && cell.metric === 'latencyTail')
    expect(together?.reason).toContain('the others are slower too')
  })

  it('is inconclusive, neither red nor green, where the others are too noisy to tell', () => {
    const report = judge({ a: 20, b: 1, c: 1 }, [accept('a')], 0.6)
    expect(verdicts(report)).toMatchObject({ 'a latencyTail': 'accepted', 'all latencyTail': 'inconclusive' })
    expect(report.conclusion).toBe('inconclusive')
  })

  it('is not accepted by a scenario of another metric', () => {
    const cells = verdicts(judge({ a: 1.5, b: 1 }, [accept('a', 'tokensPerSecond')]))
    expect(cells).toMatchObject({ 'all latencyTail': 'regressed', 'all tokensPerSecond': 'accepted' })
  })
})

describe('what cannot be accepted', () => {
  const scenarios = [scenario('a'), scenario('b')]
  const broken: Finding = { code: 'failures', scenario: 'b', message: 'Requests of b failed.', hint: 'Fix it.' }

  it('an invalid measurement', () => {
    const { a, b } = { a: measured(10, 1), b: measured(10, 1) }
    const trials = [trial('base', 0, { a, b }), trial('head', 0, { a }, [broken])]
    const { report } = decide(input({ scenarios, trials, accepted: [accept(null)], final: true }))
    expect(report.conclusion).toBe('invalid')
    expect(report.cells.every(({ verdict }) => verdict !== 'accepted')).toBe(true)
  })

  it('a scenario that is missing', () => {
    const window = quietWindow(scenarios, slower({ a: 1, b: 1 }))
    const trials = pairs(8, slower({ a: 1.5 }))
    const { report } = decide(input({ scenarios: [scenario('a')], window, trials, accepted: [accept(null)] }))
    expect(report.conclusion).toBe('invalid')
    expect(verdicts(report)).toMatchObject({ 'b latencyTail': 'missing' })
  })

  it('a slowdown that is not proven', () => {
    const { report } = decide(
      input({ scenarios, trials: pairs(4, slower({ a: 1.5, b: 1.5 })), accepted: [accept(null)], final: true }),
    )
    expect(report.cells.every(({ verdict }) => verdict !== 'accepted')).toBe(true)
  })

  it('a machine that moved by itself', () => {
    // Base trials alternate by 40 %, so base against base fails its own control.
    let turn = 0
    const moving: Measure = (side, random) => {
      const factor = side === 'base' ? (turn++ % 2 ? 1.4 : 1) : 3
      return { a: measured(20 * factor * jitter(random, 0.001), factor), b: measured(20, 1) }
    }
    const { report } = decide(input({ scenarios, trials: pairs(18, moving), accepted: [accept(null)], final: true }))
    expect(report.nullControl?.passed).toBe(false)
    expect(verdicts(report)['a latencyTail']).toBe('inconclusive')
  })
})
