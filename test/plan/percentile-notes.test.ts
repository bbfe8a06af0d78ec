import { expect, test } from 'vitest'
import { plainLoad, type Scenario } from '../../src/model/scenario.ts'
import { percentileNotes } from '../../src/plan/percentile-notes.ts'

const scenario = (name: string, requests: number): Scenario => ({
  name,
  requests,
  ...plainLoad,
  promptTokens: 1,
  outputTokens: 1,
  concurrency: 1,
  streaming: true,
})

test('scenarios that support P99 need no note: 299 requests', () => {
  expect(percentileNotes([scenario('a', 299), scenario('b', 100_000)])).toEqual([])
})

test('the others are told by percentile, each with its requests', () => {
  // n >= ln(0.05) / ln(p): P97 99, P95 59, P90 29, P50 5
  const notes = percentileNotes([
    scenario('a', 298),
    scenario('b', 60),
    scenario('c', 59),
    scenario('d', 58),
    scenario('e', 5),
  ])
  expect(notes).toHaveLength(4)
  expect(notes[0]).toMatch(/^P97 .* in a \(298 requests\); P99 needs 299 requests\.$/)
  expect(notes[1]).toMatch(/^P95 .* in b \(60 requests\), c \(59 requests\);/)
  expect(notes[2]).toMatch(/^P90 .* in d/)
  expect(notes[3]).toMatch(/^P50 .* in e/)
})
