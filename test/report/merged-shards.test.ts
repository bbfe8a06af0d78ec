import { describe, expect, test } from 'vitest'
import type { Shard } from '../../src/model/shard.ts'
import type { CellVerdict, JudgeReport } from '../../src/model/verdict.ts'
import { plainHeadline, renderComment, renderSummary, renderTerminal, soundReport } from '../../src/report/index.ts'
import { cell, context, report, unchangedScenario } from './sample.ts'

/** Reports of merged shards: several rows of all scenarios together, one or two of each shard. */

const of = (index: number): Shard => ({ index, count: 2 })
const together = (index: number, change: Partial<CellVerdict> = {}) =>
  unchangedScenario(null).map((one) => ({ ...one, shard: of(index), ...(one.metric === 'latencyTail' ? change : {}) }))
const singles = ['a', 'b', 'c', 'd'].flatMap((name) => unchangedScenario(name))
const merged = (change: Partial<JudgeReport> = {}) =>
  report({ cells: [...singles, ...together(1), ...together(2)], ...change })

const rowsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('| all scenarios'))
const slower = { verdict: 'regressed', change: { estimate: 0.2, low: 0.1, high: 0.3 }, head: 120 } as const
const slowSecond = merged({
  overall: 'regressed',
  conclusion: 'regressed',
  cells: [...together(2, slower).slice(0, 1), ...singles, ...together(1), ...together(2).slice(1)],
})

test('each shard has a row of its own, behind all scenarios, in the table and in the details', () => {
  const text = renderComment(merged(), context)
  const names = text.split('\n').flatMap((line) => /^\| (`\w`|all scenarios[^|]*) \|/.exec(line)?.[1] ?? [])
  const shards = ['all scenarios of shard 1/2', 'all scenarios of shard 2/2']
  expect(names.slice(0, 6)).toEqual(['`a`', '`b`', '`c`', '`d`', ...shards])
  expect(rowsOf(text).filter((line) => line.includes('shard 2/2'))).toHaveLength(3)
})

test('the row of a shard shows its own figures and its own verdict', () => {
  const [first, second] = rowsOf(renderSummary(slowSecond, context))
  expect(first).toMatch(/shard 2\/2 .*100 → 120 ms.*regressed/)
  expect(second).toMatch(/shard 1\/2 .*100 → 101 ms.*unchanged/)
})

test('a slowdown of all scenarios of a shard is named so in the headline', () => {
  expect(plainHeadline(slowSecond).title).toContain('P90 latency over all scenarios of shard 2/2 +20 %')
})

test('a finding about a shard names it', () => {
  const finding = { code: 'server-died', scenario: null, shard: of(2), message: 'The server exited.', hint: 'Look.' }
  const broken = merged({ overall: 'invalid', conclusion: 'invalid', findings: [finding] })
  expect(renderComment(broken, context)).toContain('`server-died`, all scenarios of shard 2/2: The server exited.')
  expect(renderTerminal(broken)).toContain('Finding server-died, all scenarios of shard 2/2: The server exited.')
})

test('what would have been caught everywhere is what the weakest shard would have caught', () => {
  const cells = [...singles, ...together(1, { mde: 0.03 }), ...together(2, { mde: 0.06 })]
  expect(plainHeadline(merged({ cells })).action).toContain('+8.0 % P90 latency in any one scenario, +6.0 % everywhere')
})

describe('a report that is not whole', () => {
  test('a metric that one shard lacks for all its scenarios is missing, though another has it', () => {
    const sound = soundReport(merged({ cells: [...singles, ...together(1), ...together(2).slice(0, 1)] }))
    expect(sound.conclusion).toBe('invalid')
    const [worst] = sound.cells
    expect(worst).toMatchObject({ scenario: null, shard: of(2), metric: 'tokensPerSecond', verdict: 'missing' })
  })

  test('with every row fine, the headline does not claim that nothing was judged', () => {
    const message = 'The recording in x is of no shard.'
    const finding = { code: 'no-shard', scenario: null, message, hint: 'Give it one.' }
    const { title, action } = plainHeadline(merged({ overall: 'invalid', conclusion: 'invalid', findings: [finding] }))
    expect(title).toBe(`⚠️ INVALID: not everything was judged: ${message}`)
    expect(action).toContain('Next: Give it one.')
  })

  test('without any recording, no runner is claimed, and nothing was judged', () => {
    const none = { verdict: 'missing', base: null, head: null, change: null, mde: null } as const
    const cells = [cell(none), cell({ ...none, metric: 'tokensPerSecond' })]
    const nothing = report({ overall: 'missing', conclusion: 'invalid', cells })
    const text = renderComment(nothing, { ...context, runnerClass: null })
    expect(text).not.toContain('Runner:')
    expect(text).toContain('INVALID: nothing was judged')
  })
})
