import { describe, expect, test } from 'vitest'
import { type JoinInput, joinReports } from '../../src/merge/join-reports.ts'
import { mergeFinding } from '../../src/merge/recording.ts'
import type { OutputsComparison } from '../../src/model/outputs.ts'
import type { Shard } from '../../src/model/shard.ts'
import type { CellVerdict, Conclusion, JudgeReport, Verdict } from '../../src/model/verdict.ts'
import { cell, report, unchangedScenario } from '../report/sample.ts'
import { firstOfTwo, matrix, policy, secondOfTwo } from './sample.ts'

const unchanged = (...scenarios: (string | null)[]) => scenarios.flatMap((scenario) => unchangedScenario(scenario))
const shardReport = (shard: Shard, change: Partial<JudgeReport> = {}) => ({
  shard,
  report: report({ cells: shard.index === 1 ? unchanged('a', 'c', null) : unchanged('b', 'd', null), ...change }),
})
const first = shardReport(firstOfTwo)
const second = shardReport(secondOfTwo)
const join = (change: Partial<JoinInput> = {}) =>
  joinReports({ matrix, policy, count: 2, shards: [first, second], findings: [], accepted: [], notes: [], ...change })

/** The second shard with one row of another verdict. */
function secondWith(verdict: Verdict, conclusion: Conclusion, change: Partial<CellVerdict> = {}) {
  const rows = [cell({ scenario: 'b', verdict, ...change }), ...unchanged('b').slice(1), ...unchanged('d', null)]
  return shardReport(secondOfTwo, { overall: verdict, conclusion, cells: rows })
}

test('all rows of all shards, and those of all scenarios together name their shard', () => {
  const { cells, overall, conclusion, pairs, trials } = join()
  expect({ overall, conclusion, pairs, trials }).toEqual({
    overall: 'unchanged',
    conclusion: 'pass',
    pairs: 16,
    trials: 36,
  })
  expect(cells).toHaveLength(12)
  const together = cells.filter(({ scenario }) => scenario === null)
  expect(together.map(({ metric, shard }) => `${metric} ${shard?.index}`).toSorted()).toEqual([
    'latencyTail 1',
    'latencyTail 2',
    'tokensPerSecond 1',
    'tokensPerSecond 2',
  ])
  expect(cells.filter(({ scenario, shard }) => scenario !== null && shard !== undefined)).toEqual([])
})

describe('the whole is never better than its worst shard', () => {
  test.each([
    ['regressed', 'regressed'],
    ['invalid', 'invalid'],
    ['missing', 'invalid'],
    ['inconclusive', 'inconclusive'],
    ['new', 'inconclusive'],
  ] as const)('%s in one shard is %s of all', (verdict, conclusion) => {
    for (const shards of [
      [first, secondWith(verdict, conclusion)],
      [secondWith(verdict, conclusion), first],
    ]) {
      const joined = join({ shards })
      expect(joined).toMatchObject({ overall: verdict, conclusion })
      expect(joined.cells[0]).toMatchObject({ scenario: 'b', verdict })
    }
  })

  test('also where a shard says so and no row of it does', () => {
    const shards = [first, shardReport(secondOfTwo, { overall: 'invalid', conclusion: 'invalid' })]
    expect(join({ shards })).toMatchObject({ overall: 'invalid', conclusion: 'invalid' })
  })

  test('anything that is wrong with the whole is invalid, though every row is fine', () => {
    const findings = [mergeFinding('no-shard', 'The recording in x is of no shard.', 'Give it one.')]
    expect(join({ findings })).toMatchObject({ overall: 'invalid', conclusion: 'invalid', findings })
  })

  test('a proven slowdown stands, whatever is missing beside it', () => {
    const joined = join({ shards: [secondWith('regressed', 'regressed')] })
    expect(joined).toMatchObject({ overall: 'regressed', conclusion: 'regressed' })
    const missing = joined.cells.filter(({ verdict }) => verdict === 'missing')
    expect(missing.map(({ scenario }) => scenario).toSorted()).toEqual(['a', 'a', 'c', 'c'])
  })
})

describe('scenarios of a shard that is not there', () => {
  test('are missing by name, both metrics, with the reason', () => {
    const why = 'There is no recording of shard 2/2 ("b", "d").'
    const joined = join({ shards: [first], findings: [mergeFinding('shard-missing', why, 'Look.', secondOfTwo)] })
    const missing = joined.cells.filter(({ verdict }) => verdict === 'missing')
    expect(missing.map(({ scenario, metric }) => `${scenario} ${metric}`).toSorted()).toEqual([
      'b latencyTail',
      'b tokensPerSecond',
      'd latencyTail',
      'd tokensPerSecond',
    ])
    expect(missing.every(({ reason, base, change }) => reason === why && base === null && change === null)).toBe(true)
    expect(joined.conclusion).toBe('invalid')
  })

  test('without any recording all are missing', () => {
    const joined = join({ shards: [], count: null })
    expect(joined).toMatchObject({ overall: 'missing', conclusion: 'invalid', pairs: 0, trials: 0 })
    expect(new Set(joined.cells.map(({ scenario }) => scenario))).toEqual(new Set(['a', 'b', 'c', 'd']))
  })

  test('a matrix of nothing is invalid', () => {
    expect(join({ shards: [], count: null, matrix: [] })).toMatchObject({ overall: 'invalid', conclusion: 'invalid' })
  })
})

describe('sentences', () => {
  const noted = (...notes: string[][]) =>
    join({
      shards: [shardReport(firstOfTwo, { notes: notes[0] ?? [] }), shardReport(secondOfTwo, { notes: notes[1] ?? [] })],
    }).notes

  test('that every shard says are told once, others with the shard', () => {
    expect(noted(['Same.', 'Mine.'], ['Same.'])).toEqual(['Same.', 'Shard 1/2: Mine.'])
  })

  test('that name their shard themselves are left as they are', () => {
    expect(noted(['No window for shard 1/2 yet.'], [])).toEqual(['No window for shard 1/2 yet.'])
  })

  test('of the only shard that was judged are not told of all', () => {
    expect(join({ shards: [shardReport(firstOfTwo, { notes: ['Noisy.'] })] }).notes).toEqual(['Shard 1/2: Noisy.'])
  })

  test('of this job come first', () => {
    expect(
      join({ notes: ['The policy was edited.'], shards: [shardReport(firstOfTwo, { notes: ['x'] }), second] }).notes,
    ).toEqual(['The policy was edited.', 'Shard 1/2: x'])
  })

  test('findings of a shard say whose they are, behind what is wrong with the whole', () => {
    const died = { code: 'server-died', scenario: null, message: 'It died.', hint: 'Look.' }
    const whole = mergeFinding('no-shard', 'x', 'y')
    const { findings } = join({ findings: [whole], shards: [first, shardReport(secondOfTwo, { findings: [died] })] })
    expect(findings).toEqual([whole, { ...died, shard: secondOfTwo }])
  })
})

describe('acceptances', () => {
  const accepted = { scenario: 'b', metric: null, reason: 'on purpose', source: 'commit 0 by Ada' }
  const idle =
    '"b all" was accepted (commit 0 by Ada), but no row that it covers is a proven slowdown: it changed nothing.'

  test('one that a row of one shard rests on is idle in no other', () => {
    const taken = secondWith('accepted', 'pass', { accepted })
    const shards = [shardReport(firstOfTwo, { notes: [idle] }), taken]
    expect(join({ shards, accepted: [accepted] })).toMatchObject({ conclusion: 'pass', overall: 'accepted', notes: [] })
  })

  test('one that no row rests on is told once', () => {
    const shards = [shardReport(firstOfTwo, { notes: [idle] }), shardReport(secondOfTwo, { notes: [idle] })]
    expect(join({ shards, accepted: [accepted] }).notes).toEqual([idle])
  })
})

describe('the null control', () => {
  const controlled = (...controls: JudgeReport['nullControl'][]) =>
    join({
      shards: [
        shardReport(firstOfTwo, { nullControl: controls[0] ?? null }),
        shardReport(secondOfTwo, { nullControl: controls[1] ?? null }),
      ],
    }).nullControl

  test('failed as soon as one failed, and that one is told', () => {
    expect(controlled({ passed: true, text: 'quiet.' }, { passed: false, text: 'moved.' })).toEqual({
      passed: false,
      text: 'Shard 2/2: moved.',
    })
  })

  test('passed where all that there are passed', () => {
    expect(controlled({ passed: true, text: 'quiet.' }, null)).toEqual({ passed: true, text: 'Shard 1/2: quiet.' })
    expect(controlled(null, null)).toBeNull()
  })
})

describe('the outputs', () => {
  const outputs = (kind: OutputsComparison['kind'], changed: number, text: string): OutputsComparison => ({
    kind,
    compared: 3,
    changed,
    text,
  })
  const compared = (...of: (OutputsComparison | null)[]) =>
    join({
      shards: [
        shardReport(firstOfTwo, { outputs: of[0] ?? null }),
        shardReport(secondOfTwo, { outputs: of[1] ?? null }),
      ],
    }).outputs

  test('changed as soon as one shard saw it, and that one is told', () => {
    expect(compared(outputs('same', 0, 'same.'), outputs('changed', 2, 'They changed.'))).toEqual({
      kind: 'changed',
      compared: 3,
      changed: 2,
      text: 'Shard 2/2: They changed.',
    })
  })

  test('the same where all shards say so, once', () => {
    expect(compared(outputs('same', 0, 'same.'), outputs('same', 0, 'same.'))).toMatchObject({
      kind: 'same',
      text: 'same.',
    })
  })

  test('not deterministic hides nothing that changed, and is no "same"', () => {
    expect(compared(outputs('same', 0, 'same.'), outputs('not-deterministic', 0, 'chance.'))?.kind).toBe(
      'not-deterministic',
    )
    expect(compared(outputs('changed', 1, 'x'), outputs('not-deterministic', 0, 'chance.'))?.kind).toBe('changed')
    expect(compared(null, null)).toBeNull()
  })
})

test('which part of the matrix moved is told over the rows of all shards', () => {
  const long = matrix.map((scenario) => ({ ...scenario, promptTokens: scenario.name === 'b' ? 512 : 64 }))
  const slower = secondWith('regressed', 'regressed', { change: { estimate: 0.5, low: 0.4, high: 0.6 } })
  const { part } = join({ matrix: long, shards: [first, slower] })
  expect(part).toBe('Slower with long prompts (512 tokens): P90 latency +50 %; with short prompts (64 tokens) +1 %.')
  expect(join().part).toBeNull()
})
