import { describe, expect, it } from 'vitest'
import type { CellVerdict } from '../../src/model/verdict.ts'
import { renderComment, renderSummary, renderTerminal, soundReport } from '../../src/report/index.ts'
import { cell, context, report, slowReport, unchangedScenario } from './sample.ts'

const nan = Number.NaN
const hollow: [what: string, change: Partial<CellVerdict>][] = [
  ['no base', { base: null }],
  ['no head', { head: null }],
  ['NaN for base', { base: nan }],
  ['an infinite head', { head: Number.POSITIVE_INFINITY }],
  ['no change', { change: null }],
  ['NaN for the change', { change: { estimate: nan, low: -0.1, high: 0.1 } }],
  ['an interval without an upper bound', { change: { estimate: 0, low: -0.1, high: Number.POSITIVE_INFINITY } }],
  ['no stage that decided it', { decidedBy: 'none' }],
]

describe('a green verdict needs figures', () => {
  it.each(hollow)('%s: the cell and the conclusion become invalid in every report', (_, change) => {
    const cells = [cell(change), ...unchangedScenario('p128-o64-c4').slice(1), ...unchangedScenario('b')]
    const hollowReport = report({ cells })
    expect(soundReport(hollowReport)).toMatchObject({ overall: 'invalid', conclusion: 'invalid' })
    expect(soundReport(hollowReport).cells[0]).toMatchObject({ scenario: 'p128-o64-c4', verdict: 'invalid' })
    for (const text of [
      renderComment(hollowReport, context),
      renderSummary(hollowReport, context),
      renderTerminal(hollowReport),
    ]) {
      expect(text).toContain('⚠️ INVALID: 1 of 4 rows could not be judged')
    }
  })

  it('a report without any cell is invalid, whatever it concludes', () => {
    const empty = report({ cells: [] })
    expect(soundReport(empty)).toMatchObject({ overall: 'invalid', conclusion: 'invalid' })
    expect(renderComment(empty, context)).toContain('⚠️ INVALID: nothing was judged: no scenario was measured')
  })

  it('a scenario without one of the gated metrics is missing it', () => {
    const sound = soundReport(report({ cells: [cell()] }))
    expect(sound.conclusion).toBe('invalid')
    expect(sound.cells[0]).toMatchObject({ metric: 'tokensPerSecond', verdict: 'missing', scenario: 'p128-o64-c4' })
  })

  it.each(['regressed', 'invalid', 'missing', 'inconclusive'] as const)(
    'a %s cell is never behind a passed check',
    (verdict) => {
      const cells = [...unchangedScenario('a'), cell({ scenario: 'b', verdict }), ...unchangedScenario('b').slice(1)]
      const sound = soundReport(report({ cells }))
      expect(sound.conclusion).not.toBe('pass')
      expect(sound.overall).toBe(verdict)
      expect(sound.cells[0]?.verdict).toBe(verdict)
    },
  )
})

describe('a sound report is left as it is', () => {
  it.each([report(), slowReport()])('%#', (sound) => {
    expect(soundReport(sound)).toEqual(sound)
  })

  it('a slowdown without figures stays a slowdown', () => {
    const cells = [cell({ verdict: 'regressed', change: null }), ...unchangedScenario('p128-o64-c4').slice(1)]
    expect(soundReport(report({ cells, conclusion: 'regressed' })).conclusion).toBe('regressed')
  })
})
