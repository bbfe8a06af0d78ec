import { describe, expect, it } from 'vitest'
import { decide } from '../../src/judge/index.ts'
import { compareOutputs, wantsAnswers } from '../../src/judge/outputs.ts'
import type { GreedyAnswer } from '../../src/model/outputs.ts'
import type { Side, TrialEvidence } from '../../src/model/trial.ts'
import { input, jitter, type Measure, measured, pairs, scenario, trial } from './evidence.ts'

const answer = (text: string, given: Partial<GreedyAnswer> = {}): GreedyAnswer => ({
  // Any two texts of these tests have another one.
  digest: Buffer.from(text).toString('hex').padEnd(16, '0').slice(-16),
  beginning: text.slice(0, 80),
  finishReason: 'length',
  tokens: 16,
  ...given,
})

type Given = GreedyAnswer | string | null

const answering = (side: Side, answers: readonly Given[], questions = 'q1'): TrialEvidence => ({
  ...trial(side, null, {}),
  outputs: {
    questions,
    answers: answers.map((given) => (typeof given === 'string' ? answer(given) : given)),
    durationMs: 9,
  },
})

/** Trials of each side, one for each list of answers. */
const compare = (base: readonly (readonly Given[])[], head: readonly (readonly Given[])[]) =>
  compareOutputs([
    ...base.map((answers) => answering('base', answers)),
    ...head.map((answers) => answering('head', answers)),
  ])

const twice = (...answers: readonly Given[]) => [answers, answers]

describe('outputs that both sides agree on', () => {
  it('are the same', () => {
    expect(compare(twice('a', 'b', 'c'), twice('a', 'b', 'c'))).toEqual({
      kind: 'same',
      compared: 3,
      changed: 0,
      text: 'The outputs are the same: 3 greedy answers compared, none differs.',
    })
  })

  it('are the same after one trial of each side: what two starts agree on is no chance', () => {
    expect(compare([['a', 'b']], [['a', 'b']])).toMatchObject({ kind: 'same', compared: 2 })
  })

  it('changed: how many, and the first as an example', () => {
    const outputs = compare(twice('Paris', 'fifteen', 'can see'), twice('Paris', '!!!!', 'cannot'))
    expect(outputs).toMatchObject({ kind: 'changed', compared: 3, changed: 2 })
    expect(outputs?.text).toBe(
      `The outputs changed: 2 of 3 greedy answers differ from the base side's, e.g. "fifteen" became "!!!!".`,
    )
  })

  it('changed, and are shorter', () => {
    const short = answer('Paris', { tokens: 4, finishReason: 'stop' })
    const { text } = compare(twice('Paris and the river', 'b'), twice(short, 'b')) ?? {}
    expect(text).toContain(`1 of 2 greedy answers differs from`)
    expect(text).toMatch(/They are shorter: 20 tokens in all instead of 32\.$/)
  })

  it('are not called shorter by a server that counts no tokens', () => {
    const uncounted = (text: string) => answer(text, { tokens: null })
    const { text } = compare(twice(uncounted('Paris and more')), twice(uncounted('Pa'))) ?? {}
    expect(text).not.toContain('shorter')
  })

  it('changed where the same text is counted or ended otherwise', () => {
    const fewer = compare(twice('Paris'), twice(answer('Paris', { tokens: 8 })))
    expect(fewer?.text).toContain('e.g. the one that begins "Paris": 16 tokens became 8 tokens.')
    const ended = compare(twice('Paris'), twice(answer('Paris', { finishReason: 'stop' })))
    expect(ended?.text).toContain('it ended by "length" and now ends by "stop"')
  })

  it('changed behind what is kept of them', () => {
    const other = answer('Paris', { digest: 'f'.repeat(16) })
    expect(compare(twice('Paris'), twice(other))?.text).toContain('the one that begins "Paris" goes on differently')
  })
})

describe('what is quoted', () => {
  const quoted = (base: string, head: string) =>
    compare(twice(base), twice(head))?.text.match(/e\.g\. (.*)\.$/s)?.[1] ?? 'nothing'

  it('shows where long answers part', () => {
    const common = 'The lighthouse keeper looks out to the sea and sees '
    expect(quoted(`${common}a ship`, `${common}nothing`)).toBe('"…ea and sees a ship" became "…ea and sees nothing"')
  })

  it('is cut to a line of a comment', () => {
    expect(quoted('a'.repeat(80), 'b'.repeat(80))).toBe(`"${'a'.repeat(40)}…" became "${'b'.repeat(40)}…"`)
  })

  it('shows line breaks as such, and cuts no character in half', () => {
    expect(quoted('one\ntwo', 'one two')).toBe('"one\\ntwo" became "one two"')
    expect(quoted('👍'.repeat(40), '👎'.repeat(40)).isWellFormed()).toBe(true)
  })

  it('shows that an answer became empty', () => {
    expect(quoted('Paris', '')).toBe('"Paris" became ""')
  })
})

describe('nothing is said of the other side', () => {
  it('when a side disagrees with itself, even in one trial of many', () => {
    const base = [['a'], ['a'], ['a'], ['x']]
    const outputs = compare(base, twice('b'))
    expect(outputs).toMatchObject({ kind: 'not-deterministic', compared: 1, changed: 0 })
    expect(outputs?.text).toContain('the base side changed its greedy answers')
    expect(compare(base, [['b'], ['c']])?.text).toContain('both sides changed their')
  })

  it('when only one of several questions is answered by chance', () => {
    expect(
      compare(twice('a', 'b'), [
        ['c', 'b'],
        ['c', 'd'],
      ])?.kind,
    ).toBe('not-deterministic')
  })

  it.for<[string, readonly TrialEvidence[]]>([
    ['no trials', []],
    [
      'recordings without answers',
      [trial('base', 0, {}), trial('head', 0, {}), trial('base', 1, {}), trial('head', 1, {})],
    ],
    ['one side', [answering('head', ['a']), answering('head', ['a']), answering('head', ['b'])]],
    ['a difference, but one trial of base', [answering('base', ['a']), ...twice('b').map((b) => answering('head', b))]],
    ['a difference, but one trial of head', [...twice('a').map((a) => answering('base', a)), answering('head', ['b'])]],
    ['one difference in one trial, the rest alike', [answering('base', ['a', 'b']), answering('head', ['a', 'c'])]],
    [
      'no answer',
      [...twice(null), ...twice(null)].flatMap((none) => [answering('base', none), answering('head', none)]),
    ],
    [
      'other questions on the other side',
      [
        ...twice('a').map((answers) => answering('base', answers, 'q1')),
        ...twice('b').map((answers) => answering('head', answers, 'q2')),
      ],
    ],
  ])('%s: unknown', ([, trials]) => {
    expect(compareOutputs(trials)).toBeNull()
  })

  it('for a question that only one side answered', () => {
    const outputs = compare(twice('a', 'b'), twice('a', null))
    expect(outputs).toMatchObject({ kind: 'same', compared: 1 })
  })

  it('for a question whose answers differ in one trial, where another is known to have changed', () => {
    const head = [
      ['x', 'y'],
      ['x', null],
    ]
    expect(compare(twice('a', 'b'), head)).toMatchObject({ kind: 'changed', compared: 1, changed: 1 })
  })

  it('by a trial that is not sound', () => {
    const finding = { code: 'failures', scenario: 's', message: 'm', hint: 'h' }
    const broken = { ...answering('head', ['garbage']), findings: [finding] }
    const base = answering('base', ['a'])
    expect(compareOutputs([base, broken])).toBeNull()
    expect(compareOutputs([base, broken, answering('head', ['a'])])?.kind).toBe('same')
  })
})

describe('the verdict', () => {
  const scenarios = [scenario('short')]
  /** Eight pairs in which head takes this part of base's time. */
  const judged = (factor: number, headText: string | null) => {
    const measure: Measure = (side, random) => {
      const time = (side === 'head' ? factor : 1) * jitter(random, 0.01)
      return { short: measured(10 * time, time) }
    }
    const trials = pairs(8, measure).map((each): TrialEvidence => {
      const text = each.side === 'head' ? headText : 'Paris'
      return text === null ? each : { ...each, outputs: { questions: 'q1', answers: [answer(text)], durationMs: 9 } }
    })
    return decide(input({ scenarios, trials, final: true })).report
  }
  const doubt = 'A speed-up with other outputs may be no improvement.'

  it('is the same whatever the outputs are; they are a note', () => {
    for (const factor of [0.5, 1, 2]) {
      const [same, changed, unknown] = [judged(factor, 'Paris'), judged(factor, 'Rome'), judged(factor, null)]
      const verdicts = ({ cells }: typeof same) =>
        cells.map(({ scenario, metric, verdict }) => [scenario, metric, verdict])
      expect(verdicts(changed)).toEqual(verdicts(same))
      expect(verdicts(unknown)).toEqual(verdicts(same))
      expect(changed.conclusion).toBe(same.conclusion)
      expect(changed.notes.filter((note) => note.startsWith('The outputs changed'))).toHaveLength(1)
      expect(same.notes.join()).not.toContain('outputs')
      expect(unknown.notes.join()).not.toContain('outputs')
      expect([same.outputs?.kind, changed.outputs?.kind, unknown.outputs]).toEqual(['same', 'changed', null])
    }
  })

  it('doubts a speed-up with other outputs, in its row and in the note', () => {
    const { cells, notes } = judged(0.5, 'Rome')
    const improved = cells.filter(({ verdict }) => verdict === 'improved')
    expect(improved.length).toBeGreaterThan(0)
    for (const { reason } of improved) expect(reason).toContain(doubt)
    expect(notes.join()).toContain(doubt)
  })

  it('doubts nothing else', () => {
    for (const report of [judged(0.5, 'Paris'), judged(2, 'Rome'), judged(1, 'Rome')]) {
      expect(JSON.stringify(report)).not.toContain(doubt)
    }
  })
})

describe('how many trials are asked', () => {
  const both = (base: string, head: string) => [answering('base', [base]), answering('head', [head])]

  it('one of each side where they agree', () => {
    expect(wantsAnswers('head', [])).toBe(true)
    expect(wantsAnswers('base', [answering('head', ['a'])])).toBe(true)
    expect(wantsAnswers('head', both('a', 'a'))).toBe(false)
    expect(wantsAnswers('base', both('a', 'a'))).toBe(false)
  })

  it('two of a side that is alone', () => {
    expect(wantsAnswers('head', [answering('head', ['a'])])).toBe(true)
    expect(wantsAnswers('head', [answering('head', ['a']), answering('head', ['a'])])).toBe(false)
  })

  it('all where the sides differ, until a side differs from itself', () => {
    expect(wantsAnswers('base', both('a', 'b'))).toBe(true)
    const changed = [...both('a', 'b'), ...both('a', 'b'), ...both('a', 'b')]
    expect(wantsAnswers('head', changed)).toBe(true)
    expect(wantsAnswers('base', changed)).toBe(true)
    expect(wantsAnswers('base', [...changed, answering('head', ['a'])])).toBe(false)
  })

  it('two where no answer came', () => {
    expect(wantsAnswers('head', [answering('head', [null])])).toBe(true)
    expect(wantsAnswers('head', [answering('head', [null]), answering('head', [null])])).toBe(false)
  })

  it('one more for each that was discarded or not asked', () => {
    const discarded = { ...answering('head', ['a']), stage: 'discarded' } as const
    expect(wantsAnswers('head', [answering('head', ['a']), discarded, trial('head', null, {})])).toBe(true)
  })
})
