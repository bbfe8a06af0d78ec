import { describe, expect, test } from 'vitest'
import { faults, soundAnswers } from '../../bench/failures/faults.ts'
import { type FailureMatrix, findMissed, type Outcome, ours, type Row } from '../../bench/failures/result.ts'
import { failureTable } from '../../bench/failures/table.ts'

const half: Outcome = { successes: 20, failures: 20 }

function row(changes: Partial<Row> = {}, mine: Partial<Row['tools'][string]> = {}): Row {
  return {
    fault: 'cut',
    title: 'cut',
    sound: { least: 20, most: 20 },
    tools: {
      [ours]: {
        counted: { 'openai-completions': half, 'openai-chat': half },
        ending: { said: '', exitCode: 3 },
        ...mine,
      },
    },
    ...changes,
  }
}

function matrix(...rows: Row[]): FailureMatrix {
  return { schema: 'llm-perf-bench-failures/1', requests: 40, tools: { [ours]: 'llm-perf 0' }, rows }
}

describe('a fault that our tool overlooks is told', () => {
  test('nothing is missed when each fault is a failure over both APIs and the exit code is not 0', () => {
    expect(findMissed(matrix(row()))).toEqual([])
  })

  test.each<[string, Outcome]>([
    ['a faulty answer counted as a success', { successes: 21, failures: 19 }],
    ['a sound answer counted as a failure', { successes: 19, failures: 21 }],
    ['no count', { successes: null, failures: null }],
    ['requests that are neither', { successes: 20, failures: 19 }],
  ])('%s', (_, outcome) => {
    const counted = { 'openai-completions': half, 'openai-chat': outcome }
    expect(findMissed(matrix(row({}, { counted })))).toEqual([expect.stringContaining('cut, openai-chat')])
  })

  test('an API that was not run', () => {
    expect(findMissed(matrix(row({}, { counted: { 'openai-completions': half } })))).toHaveLength(1)
  })

  test.each([0, null])('exit code %s when every answer was faulty', (exitCode) => {
    expect(findMissed(matrix(row({}, { ending: { said: '', exitCode } })))).toEqual([
      expect.stringContaining('exit code'),
    ])
  })

  test('the tool not run at all', () => {
    expect(findMissed(matrix(row({ tools: {} })))).toEqual(['cut: not run.'])
  })

  test('a control that does not pass', () => {
    const all: Outcome = { successes: 40, failures: 0 }
    const counted = { 'openai-completions': all, 'openai-chat': all }
    const control = (exitCode: number) =>
      row({ fault: 'none', title: 'none', sound: { least: 40, most: 40 } }, { counted, ending: { said: '', exitCode } })
    expect(findMissed(matrix(control(0)))).toEqual([])
    expect(findMissed(matrix(control(3)))).toHaveLength(1)
  })
})

describe('the table', () => {
  const peer = (successes: number | null, exitCode: number | null) => ({
    counted: { 'openai-completions': { successes, failures: 0 } },
    ending: { said: '', exitCode },
  })
  const tools = { [ours]: 'llm-perf 0', other: 'other 1' }
  const cellsOf = (changed: Row) => failureTable({ ...matrix(changed), tools })[1]
  const withOther = (successes: number | null, exitCode: number | null) => {
    const base = row()
    return { ...base, tools: { ...base.tools, other: peer(successes, exitCode) } }
  }

  test('marks what a tool overlooked, and leaves out the API that it cannot speak', () => {
    expect(cellsOf(withOther(40, 0))).toEqual(['cut', '20 / 20', '3', '**40** / –', '**0**'])
    expect(cellsOf(withOther(20, 1))).toEqual(['cut', '20 / 20', '3', '20 / –', '1'])
  })

  test('a tool that gave no count or never ended is marked too', () => {
    expect(cellsOf(withOther(null, null))?.slice(3)).toEqual(['**no count** / –', '**never ends**'])
  })

  test('a tool without a result says so', () => {
    expect(cellsOf(row())?.slice(3)).toEqual(['not run', 'not run'])
  })
})

test('every fault has a name of its own, and half of the answers are sound unless the server dies', () => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length)
  for (const fault of faults) {
    const { least, most } = soundAnswers(fault)
    expect(least).toBeLessThanOrEqual(most)
    expect(most).toBeLessThanOrEqual(40)
    if (fault.name !== 'none' && fault.name !== 'dies') expect([least, most]).toEqual([20, 20])
  }
})
