import { describe, expect, it } from 'vitest'
import { decide } from '../../src/judge/index.ts'
import { partOfMatrix } from '../../src/judge/part-of-matrix.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { type CellVerdict, nothingMeasured, type Phase, type Verdict } from '../../src/model/verdict.ts'
import { input, jitter, measured, pairs, scenario } from './evidence.ts'

/** A row: what it came to, and by how much the metric rose, give or take two hundredths. */
function row(
  scenario: string | null,
  verdict: Verdict,
  estimate: number,
  given: Partial<CellVerdict> = {},
): CellVerdict {
  return {
    ...nothingMeasured,
    scenario,
    metric: 'latencyTail',
    percentile: 90,
    verdict,
    margin: 0.1,
    reason: '',
    change: { estimate, low: estimate - 0.02, high: estimate + 0.02 },
    ...given,
  }
}

const rate = (name: string, verdict: Verdict, estimate: number) =>
  row(name, verdict, estimate, { metric: 'tokensPerSecond', percentile: 90 })

/** Rows of one metric, a scenario each. */
type Rows = readonly (readonly [Scenario, Verdict, number])[]

function sayOf(rows: Rows, phase?: Phase, more: readonly CellVerdict[] = []): string | null {
  const cells = rows.map(([{ name }, verdict, estimate]) => row(name, verdict, estimate))
  const diagnoses = phase ? rows.map(([{ name }]) => ({ scenario: name, phase, text: '' })) : []
  return partOfMatrix(
    rows.map(([one]) => one),
    [...cells, ...more],
    diagnoses,
  )
}

const short = scenario('short', { promptTokens: 64 })
const long = scenario('long', { promptTokens: 512 })
const longer = scenario('longer', { promptTokens: 2048 })
const busy = scenario('busy', { promptTokens: 64, concurrency: 16 })
const longBusy = scenario('long-busy', { promptTokens: 512, concurrency: 16 })

describe('the part of the matrix that moved', () => {
  it.each<[string, Rows, string]>([
    [
      'long prompts',
      [
        [short, 'unchanged', 0.003],
        [long, 'regressed', 0.86],
        [longer, 'regressed', 0.9],
      ],
      'Slower with long prompts (512 to 2048 tokens): P90 latency +86 % to +90 %; with short prompts (64 tokens) +0.3 %.',
    ],
    [
      'short prompts',
      [
        [short, 'regressed', 0.2],
        [long, 'unchanged', 0.01],
        [longer, 'improved', -0.2],
      ],
      'Slower with short prompts (64 tokens): P90 latency +20 %; with long prompts (512 to 2048 tokens) -20 % to +1 %.',
    ],
    [
      'long answers',
      [
        [short, 'unchanged', 0],
        [scenario('talk', { promptTokens: 64, outputTokens: 256 }), 'accepted', 0.3],
      ],
      'Slower with long answers (256 tokens): P90 latency +30 %; with short answers (11 tokens) +0 %.',
    ],
    [
      'high concurrency',
      [
        [short, 'unchanged', 0.01],
        [scenario('c4', { promptTokens: 64, concurrency: 4 }), 'unchanged', -0.01],
        [busy, 'regressed', 0.5],
      ],
      'Slower at high concurrency (16): P90 latency +50 %; at low concurrency (1 to 4) -1 % to +1 %.',
    ],
    [
      'high request rates',
      [1, 10].map((requestsPerSecond) => [
        scenario(`r${requestsPerSecond}`, { concurrency: null, arrivals: { requestsPerSecond, burstiness: 1 } }),
        requestsPerSecond === 10 ? 'regressed' : 'unchanged',
        requestsPerSecond / 10,
      ]),
      'Slower at high request rates (10/s): P90 latency +100 %; at low request rates (1/s) +10 %.',
    ],
    [
      'what got faster, where nothing got slower',
      [
        [short, 'unchanged', 0],
        [long, 'improved', -0.4],
      ],
      'Faster with long prompts (512 tokens): P90 latency -40 %; with short prompts (64 tokens) +0 %.',
    ],
    [
      'two properties that are needed both',
      [
        [short, 'unchanged', 0.01],
        [long, 'unchanged', 0.02],
        [busy, 'unchanged', 0.03],
        [longBusy, 'regressed', 0.5],
      ],
      'Slower only with long prompts (512 tokens) and at high concurrency (16) at once: P90 latency +50 %; elsewhere +1 % to +3 %.',
    ],
    [
      'two properties of which the matrix does not tell one from the other',
      [
        [short, 'unchanged', 0.01],
        [longBusy, 'regressed', 0.5],
      ],
      'Slower with long prompts (512 tokens) and at high concurrency (16): P90 latency +50 %; elsewhere +1 %. Which of these matters, this matrix does not tell.',
    ],
    [
      'all of it',
      [
        [short, 'regressed', 0.3],
        [long, 'regressed', 0.33],
      ],
      'Slower in the whole matrix: P90 latency +30 % to +33 %.',
    ],
    [
      'what is slower above all',
      [
        [short, 'regressed', 0.15],
        [busy, 'regressed', 0.12],
        [long, 'regressed', 0.8],
      ],
      'Slower above all with long prompts (512 tokens): P90 latency +80 %; with short prompts (64 tokens) +12 % to +15 %.',
    ],
  ])('names %s', (_, rows, sentence) => {
    expect(sayOf(rows)).toBe(sentence)
  })

  it('does not take the length of the answers for the cause of a slower first token', () => {
    const rows: Rows = [
      [scenario('chat', { promptTokens: 64, outputTokens: 256 }), 'unchanged', 0],
      [scenario('read', { promptTokens: 512, outputTokens: 4 }), 'regressed', 0.86],
    ]
    expect(sayOf(rows, 'prefill')).toMatch(/^Slower with long prompts \(512 tokens\): /)
    expect(sayOf(rows, 'decode')).toMatch(
      /with long prompts \(512 tokens\) and with short answers \(4 tokens\): .* does not tell/,
    )
  })

  it('says nothing where no property sets apart what moved', () => {
    expect(
      sayOf([
        [short, 'unchanged', 0],
        [long, 'regressed', 0.5],
        [longer, 'unchanged', 0],
      ]),
    ).toBeNull()
    const twin = { ...short, name: 'twin' }
    expect(
      sayOf([
        [short, 'unchanged', 0],
        [twin, 'regressed', 0.5],
      ]),
    ).toBeNull()
  })

  it('says nothing of one scenario, or of no change', () => {
    expect(sayOf([[long, 'regressed', 0.5]])).toBeNull()
    expect(
      sayOf([
        [short, 'unchanged', 0],
        [long, 'inconclusive', 0.5],
      ]),
    ).toBeNull()
  })

  it('calls nothing "the whole matrix" of which a part is undecided', () => {
    const rows: Rows = [
      [short, 'inconclusive', 0.1],
      [long, 'regressed', 0.5],
      [longer, 'regressed', 0.5],
    ]
    expect(sayOf(rows)).toBeNull()
  })

  it('leaves out what is undecided, and what another metric says is slower too', () => {
    const rows: Rows = [
      [short, 'unchanged', 0.01],
      [busy, 'unchanged', 0.02],
      [longBusy, 'inconclusive', 0.1],
      [long, 'regressed', 0.5],
      [longer, 'regressed', 0.5],
    ]
    expect(sayOf(rows)).toMatch(/^Slower with long prompts .* \+1 % to \+2 %\.$/)
    expect(sayOf(rows, undefined, [rate('busy', 'inconclusive', -0.04)])).toMatch(/tokens\) \+1 %\.$/)
    expect(sayOf(rows, undefined, [rate('busy', 'regressed', -0.2)])).toBeNull()
  })

  it('tells of the metric that moved most often, in its own direction', () => {
    const cells = [rate('short', 'unchanged', 0.01), rate('long', 'regressed', -0.3), row('long', 'unchanged', 0.02)]
    expect(partOfMatrix([short, long], [...cells, row('short', 'unchanged', 0)], [])).toBe(
      'Slower with long prompts (512 tokens): tokens/s -30 %; with short prompts (64 tokens) +1 %.',
    )
    const both = [rate('short', 'regressed', -0.08), rate('long', 'regressed', -0.4)]
    expect(partOfMatrix([short, long], both, [])).toMatch(
      /^Slower above all with long prompts .* tokens\/s -40 %; .* -8 %/,
    )
  })

  it('calls a figure of rows with different percentiles a tail latency', () => {
    const cells = [row('short', 'regressed', 0.3), row('long', 'regressed', 0.33, { percentile: 99 })]
    expect(partOfMatrix([short, long], cells, [])).toBe('Slower in the whole matrix: tail latency +30 % to +33 %.')
  })

  it('says that a slowdown over all scenarios is proven for none alone', () => {
    const rows: Rows = [
      [short, 'unchanged', 0.07],
      [long, 'inconclusive', 0.09],
    ]
    const all = row(null, 'regressed', 0.08)
    expect(sayOf(rows, undefined, [all])).toBe(
      'Slower over all scenarios together, of which none alone is proven slower: P90 latency +7 % to +9 % each.',
    )
    // All scenarios of one shard are not all scenarios.
    expect(sayOf(rows, undefined, [{ ...all, shard: { index: 1, count: 2 } }])).toBeNull()
  })

  it('stands in the report of a judged run', () => {
    const trials = pairs(8, (side, random) => ({
      short: measured(10 * jitter(random, 0.01), jitter(random, 0.01)),
      long: measured((side === 'head' ? 80 : 40) * jitter(random, 0.01), jitter(random, 0.01)),
    }))
    const { report } = decide(input({ scenarios: [short, long], trials }))
    // 40 + 10 ms became 80 + 10 ms.
    expect(report.part).toMatch(/^Slower with long prompts \(512 tokens\): P90 latency \+(79|80|81) %; with short/)
    expect(report.diagnoses).toMatchObject([{ scenario: 'long', phase: 'prefill' }])
  })
})
