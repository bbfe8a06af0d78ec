import { describe, expect, test } from 'vitest'
import type { JudgeReport } from '../../src/model/verdict.ts'
import { plainHeadline, renderComment, renderTerminal } from '../../src/report/index.ts'
import { cell, context, report, slowReport, unchangedScenario } from './sample.ts'

const open = cell({ verdict: 'inconclusive', wouldDecide: 'About 11 pairs would decide it.' })
const broken = cell({ scenario: 'a|b', verdict: 'invalid', reason: 'the `server` died' })
const cases: readonly (readonly [string, JudgeReport])[] = [
  ['slower', slowReport()],
  ['no slowdown', report()],
  ['inconclusive', report({ overall: 'inconclusive', conclusion: 'inconclusive', cells: [open] })],
  ['invalid', report({ overall: 'invalid', conclusion: 'invalid', cells: [broken, ...unchangedScenario(null)] })],
]

describe('the headline of a check run and an annotation', () => {
  test.each(cases)('is that of the terminal: %s', (_name, judged) => {
    const { title, action } = plainHeadline(judged)
    expect(renderTerminal(judged).split('\n').slice(0, 2)).toEqual([title, action])
    expect(`${title}${action}`).not.toMatch(/\n|\\|`p/)
  })

  test('is never better than the rows, nor than none at all', () => {
    expect(plainHeadline(report({ cells: [] })).title).toMatch(/^⚠️ INVALID: /)
    expect(plainHeadline(report({ cells: [broken] })).title).toMatch(/^⚠️ INVALID: /)
  })
})

test('a single scenario that did not fit is one scenario', () => {
  const cells = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap(unchangedScenario)
  // More of the machine than any comment holds, so that the table shrinks to its five worst rows.
  const machine = Array.from({ length: 200 }, () => 'x'.repeat(400))
  expect(renderComment(report({ cells }), { ...context, machine })).toContain('\n1 more scenario did not fit here;')
})
