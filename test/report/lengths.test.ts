import { describe, expect, test } from 'vitest'
import type { ScenarioLengths, Spread } from '../../src/model/lengths.ts'
import type { Side } from '../../src/model/trial.ts'
import { lengthRows, renderComment, renderSummary, renderTerminal } from '../../src/report/index.ts'
import { trial } from '../judge/evidence.ts'
import { tableOf } from './markdown-table.ts'
import { context, report } from './sample.ts'

const even = (count: number): Spread => ({ least: count, mean: count, most: count })

function lengths(changes: Partial<ScenarioLengths> = {}): ScenarioLengths {
  return {
    scenario: 'p128-o64-c4',
    promptSource: 'token-ids',
    requests: 60,
    prompt: { asked: 128, counted: even(128) },
    output: { asked: 64, counted: even(64) },
    ...changes,
  }
}

const measured = (side: Side, ...all: ScenarioLengths[]) => ({ ...trial(side, 0, {}), lengths: all })
const promptOf = (asked: number | null, counted: Spread | null) =>
  lengthRows([measured('head', lengths({ prompt: { asked, counted } }))])[0]?.prompt

describe('a length is said', () => {
  test.each<[string, number | null, Spread | null, string]>([
    ['plainly when it is as asked', 128, even(128), '128'],
    ['beside what was asked when it is not', 128, even(129), '129 of 128 asked'],
    ['with its range', 128, { least: 127, mean: 128.26, most: 130 }, '128.3 (127 to 130) of 128 asked'],
    ['as off, past 2 tokens', 64, { least: 64, mean: 64.5, most: 67 }, '64.5 (64 to 67) of 64 asked, off'],
    ['as off, when too short', 64, even(61), '61 of 64 asked, off'],
    ['as fine, up to 2 %', 1000, even(1020), '1020 of 1000 asked'],
    ['as off, past 2 %', 1000, even(1021), '1021 of 1000 asked, off'],
    ['without asking, of own prompts', null, { least: 5, mean: 40, most: 90 }, '40.0 (5 to 90)'],
    ['as unknown when nobody counted', 128, null, '128 asked, not counted'],
    ['as unknown of own prompts', null, null, 'not counted'],
    ['as no figure when it is none', 128, even(Number.NaN), '-'],
  ])('%s', (_how, asked, counted, text) => {
    expect(promptOf(asked, counted)).toBe(text)
  })
})

describe('rows', () => {
  test('one for both sides where they are alike, else one for each', () => {
    const same = [measured('base', lengths()), measured('head', lengths())]
    expect(lengthRows(same).map(({ sides }) => sides)).toEqual(['both'])
    const longer = lengths({ prompt: { asked: null, counted: even(140) }, promptSource: 'file' })
    const shorter = lengths({ prompt: { asked: null, counted: even(128) }, promptSource: 'file' })
    expect(lengthRows([measured('base', shorter), measured('head', longer)])).toMatchObject([
      { sides: 'base', prompt: '128', prompts: 'own prompts' },
      { sides: 'head', prompt: '140', prompts: 'own prompts' },
    ])
    expect(lengthRows([measured('head', lengths())]).map(({ sides }) => sides)).toEqual(['head'])
    expect(lengthRows([])).toEqual([])
  })

  test('trials of a side are put together, each by its number of requests', () => {
    const few = lengths({ requests: 10, prompt: { asked: 128, counted: even(126) } })
    const many = lengths({ requests: 30, prompt: { asked: 128, counted: even(130) } })
    // (10 x 126 + 30 x 130) / 40 = 129.
    expect(lengthRows([measured('head', few), measured('head', many)])[0]?.prompt).toBe(
      '129.0 (126 to 130) of 128 asked',
    )
  })

  test('of answers that may be shorter, only longer ones are off', () => {
    const free = (counted: Spread) => lengths({ output: { asked: 64, isLimit: true, counted } })
    const said = (counted: Spread) => lengthRows([measured('head', free(counted))])[0]?.output
    expect(said({ least: 3, mean: 41.25, most: 64 })).toBe('41.3 (3 to 64) of at most 64 asked')
    expect(said({ least: 3, mean: 41.25, most: 67 })).toBe('41.3 (3 to 67) of at most 64 asked, off')
  })

  test('a trial without a count leaves no figure', () => {
    const uncounted = lengths({ output: { asked: 64, counted: null } })
    expect(lengthRows([measured('head', lengths(), uncounted)])[0]?.output).toBe('64 asked, not counted')
  })
})

test('the comment, the summary and the terminal have the lengths; without any, no empty table', () => {
  const rows = lengthRows([
    measured('base', lengths()),
    measured('head', lengths({ scenario: 'own', promptSource: 'file' })),
  ])
  for (const text of [
    renderComment(report(), { ...context, lengths: rows }),
    renderSummary(report(), { ...context, lengths: rows }),
  ]) {
    expect(tableOf(text, '#### Lengths in tokens').slice(1)).toEqual([
      ['`p128-o64-c4`', 'base', 'token ids', '128', '64'],
      ['`own`', 'head', 'own prompts', '128', '64'],
    ])
  }
  expect(renderTerminal(report(), { lengths: rows })).toMatch(/p128-o64-c4 +base +128 +64 +token ids/)
  expect(renderComment(report(), context)).not.toContain('Lengths in tokens')
  expect(renderTerminal(report(), {})).not.toContain('prompt tokens')
})
