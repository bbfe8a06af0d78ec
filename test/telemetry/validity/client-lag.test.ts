import { expect, test } from 'vitest'
import { codesOf, sound, soundRequest, wordsOf } from './sound.ts'

function withLoopDelay(eventLoopDelayTailMs: number, latencyMs = 99.5) {
  const window = { ...sound.window, eventLoopDelayTailMs }
  const records = sound.records.map((record) => {
    const sentMs = record.sentMs ?? 0
    const ms = (share: number) => sentMs + share * latencyMs
    return { ...record, firstByteMs: ms(0.1), firstTokenMs: ms(0.2), lastTokenMs: ms(0.9), endMs: ms(1) }
  })
  return { ...sound, records, window: { ...window, endMs: 1000 + 30 * 100 + latencyMs } }
}

test('a delay counts when it is both long and a noticeable part of what is measured', () => {
  // A twentieth of 99.5 ms is 4.975 ms, of 1000 ms 50 ms, of 20 ms 1 ms.
  expect(codesOf(withLoopDelay(5))).toEqual([])
  expect(codesOf(withLoopDelay(5.1))).toEqual(['client-lag'])
  expect(codesOf(withLoopDelay(50, 1000))).toEqual([])
  expect(codesOf(withLoopDelay(50.1, 1000))).toEqual(['client-lag'])
  expect(codesOf(withLoopDelay(4.9, 20))).toEqual([])
})

test('the message has both values and both limits', () => {
  expect(wordsOf(withLoopDelay(12.34), 'client-lag')).toContain(
    'requests left 0.0 ms after their turn and the event loop was delayed by 12.3 ms (P90); allowed are 5 ms, or 5 % of the median latency of 99.5 ms',
  )
})

test('requests that leave late count at the percentile that is judged: P97 of a hundred lets three go', () => {
  const late = (count: number) => ({
    ...sound,
    telemetry: null,
    scenario: { ...sound.scenario, requests: 100 },
    window: { ...sound.window, endMs: 60_000 },
    records: Array.from({ length: 100 }, (_, index) => {
      const record = soundRequest(index)
      return { ...record, sentMs: record.scheduledMs + (index < count ? 15 : 0) }
    }),
  })
  expect(codesOf(late(3))).toEqual([])
  expect(codesOf(late(4))).toEqual(['client-lag'])
})

test('the limit is half of the margin of the gate', () => {
  const margins = { ...sound.policy.margins, latencyTail: 0.4 }
  const wide = (loopDelayMs: number) => ({ ...withLoopDelay(loopDelayMs), policy: { ...sound.policy, margins } })
  // A fifth of 99.5 ms.
  expect(codesOf(wide(19.9))).toEqual([])
  expect(codesOf(wide(20))).toEqual(['client-lag'])
})

test('a delay that is not known is not fine', () => {
  expect(codesOf(withLoopDelay(Number.NaN))).toEqual(['client-lag'])
})
