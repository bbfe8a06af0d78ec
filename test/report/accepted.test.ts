import { describe, expect, test } from 'vitest'
import type { AcceptedSlowdown } from '../../src/model/accepted.ts'
import type { CellVerdict } from '../../src/model/verdict.ts'
import { renderComment, renderSummary, renderTerminal, soundReport } from '../../src/report/index.ts'
import { cell, context, report, slowReport, unchangedScenario } from './sample.ts'

const accepted: AcceptedSlowdown = {
  scenario: 'p384-o8-c1',
  metric: null,
  reason: 'grammar checking is on now',
  source: 'commit 0123456789ab by Ada',
}

/** The slow report with its slow row accepted. */
function acceptedReport(of: AcceptedSlowdown = accepted, rows: Partial<CellVerdict>[] = []) {
  const { cells, ...slow } = slowReport()
  const taken = cells.map((one) => (one.verdict === 'regressed' ? { ...one, verdict: 'accepted', accepted: of } : one))
  const more = rows.map((change) => cell({ verdict: 'accepted', accepted: of, ...change }))
  return report({
    ...slow,
    overall: 'accepted',
    conclusion: 'pass',
    cells: [...more, ...(taken as CellVerdict[])],
    accepted: [of],
  })
}

const headlineOf = (text: string) => text.split('\n').find((line) => /^(#+ )?[✅❌⚠❔]/u.test(line))

describe('a slowdown that is accepted', () => {
  test.each([
    ['comment', renderComment],
    ['summary', renderSummary],
    ['terminal', renderTerminal],
  ])('is told plainly in the %s: how much, where, by whom, why', (_name, render) => {
    const text = render(acceptedReport(), context)
    expect(headlineOf(text)).toMatch(/✅ Slower, and accepted: P90 latency of .?p384-o8-c1.? \+82 % \(95 % interval/)
    expect(text).toContain('By commit 0123456789ab by Ada: grammar checking is on now.')
    expect(text).toContain('No other row is slower.')
    expect(text).not.toContain('No slowdown in')
  })

  test.each(['it is faster at last!', 'who would notice?', 'we know.'])(
    'keeps the mark at the end of "%s"',
    (reason) => {
      const text = renderTerminal(acceptedReport({ ...accepted, reason }), context)
      expect(text).toContain(`By commit 0123456789ab by Ada: ${reason} No other row is slower.`)
    },
  )

  test('has its own word in the table', () => {
    const row = renderComment(acceptedReport(), context)
      .split('\n')
      .find((line) => line.startsWith('| `p384'))
    expect(row).toMatch(/\| ☑️ accepted \|$/)
  })

  test('counts the further rows, and names a scenario before all together', () => {
    const rows = [{ scenario: null }, { scenario: null, metric: 'tokensPerSecond' as const }]
    const text = renderComment(acceptedReport(accepted, rows), context)
    expect(headlineOf(text)).toMatch(/P90 latency of `p384-o8-c1`.* \(and 2 more rows\)/)
  })

  test('by several people is told of each', () => {
    const label: AcceptedSlowdown = {
      scenario: null,
      metric: null,
      reason: 'we know',
      source: 'label "llm-perf: accept"',
    }
    const rows = [
      { scenario: 'x', accepted: label },
      { scenario: 'x', accepted: label, metric: 'tokensPerSecond' as const },
    ]
    const text = renderComment(acceptedReport(accepted, rows), context)
    expect(headlineOf(text)).toMatch(/✅ Slower, and accepted: P90 latency of `x`.* \(and 2 more rows\)/)
    expect(text).toMatch(/^By label "llm-perf: accept": we know\. No other row is slower\./m)
    expect(text).toMatch(/^- Accepted: P90 latency of `p384-o8-c1`.* By commit 0123456789ab by Ada: grammar/m)
  })

  test('beside a red row does not hide it, and is told of', () => {
    const { cells } = acceptedReport()
    const red = cell({ scenario: 'slow', verdict: 'regressed', change: { estimate: 0.4, low: 0.3, high: 0.5 } })
    const text = renderComment(
      report({
        overall: 'regressed',
        conclusion: 'regressed',
        cells: [red, ...unchangedScenario('slow').slice(1), ...cells],
      }),
      context,
    )
    expect(headlineOf(text)).toMatch(/❌ Slower: P90 latency of `slow`/)
    expect(text).toContain('a slowdown was accepted on purpose in 1 row')
    expect(text).toMatch(/^- Accepted: P90 latency of `p384-o8-c1`/m)
  })

  test('cannot break the comment by its reason', () => {
    const evil = { ...accepted, reason: '<!-- x --> | @team `a`\n# b', source: 'commit 0 by *Eve* @all' }
    const text = renderComment(acceptedReport(evil), context)
    expect(text).not.toContain('<!-- x')
    expect(text).not.toMatch(/@(team|all)\b/)
    expect(text).not.toMatch(/^# b/m)
  })
})

describe('an accepted row that cannot be believed', () => {
  test('is red when nobody accepted it', () => {
    const cells = [cell({ verdict: 'accepted' }), ...unchangedScenario('p128-o64-c4').slice(1)]
    const sound = soundReport(report({ overall: 'accepted', cells }))
    expect(sound).toMatchObject({ overall: 'regressed', conclusion: 'regressed' })
  })

  test('is invalid when it has no figures', () => {
    const cells = [cell({ verdict: 'accepted', accepted, change: null }), ...unchangedScenario('p128-o64-c4').slice(1)]
    expect(soundReport(report({ overall: 'accepted', cells })).conclusion).toBe('invalid')
  })
})
