import { expect, test } from 'vitest'
import type { ClientCalibration } from '../../../src/model/calibration.ts'
import { codesOf, sound, wordsOf } from './sound.ts'

const exact = { medianMs: 0.2, p99Ms: 0.9 }
const calibration: ClientCalibration = {
  concurrency: 8,
  requests: 24,
  ttft: exact,
  tpot: { medianMs: 0.001, p99Ms: 0.01 },
  latency: exact,
  attempts: 1,
}

/** The sound measurement (latency 99.5 ms, TTFT 21 ms) by a client of that error. */
const by = (changes: Partial<ClientCalibration>, latencyMs = 99.5) => ({
  ...sound,
  calibration: { ...calibration, ...changes },
  records: sound.records.map((record) => {
    const endMs = (record.sentMs ?? 0) + latencyMs
    return { ...record, lastTokenMs: Math.min(record.lastTokenMs ?? endMs, endMs), endMs }
  }),
  window: { ...sound.window, endMs: 1000 + 30 * 100 + latencyMs },
})
const off = (medianMs: number) => ({ medianMs, p99Ms: Math.abs(medianMs) })

test('a client that keeps up is fine, and so is one that another tool vouches for', () => {
  expect(codesOf(by({}))).toEqual([])
  expect(codesOf({ ...sound, calibration: null })).toEqual([])
})

test('an error counts when it is over 1 ms and over 2 % of what is measured', () => {
  // 2 % of 99.5 ms is 1.99 ms.
  expect(codesOf(by({ latency: off(1.98) }))).toEqual([])
  expect(codesOf(by({ latency: off(2.0) }))).toEqual(['client-error'])
  expect(codesOf(by({ latency: off(-2.0) }))).toEqual(['client-error'])
  // 2 % of 1000 ms is 20 ms.
  expect(codesOf(by({ latency: off(19) }, 1000))).toEqual([])
  // 2 % of 40 ms is less than 1 ms.
  expect(codesOf(by({ latency: off(0.99) }, 40))).toEqual([])
  expect(codesOf(by({ latency: off(1.01) }, 40))).toEqual(['client-error'])
})

test('the verdict does not rest on the TTFT: its error is told, and breaks nothing', () => {
  expect(codesOf(by({ ttft: off(50) }))).toEqual([])
})

test('a team that accepts more slowdown accepts more error', () => {
  // A fifth of 50 % is 10 % of 99.5 ms.
  const policy = { ...sound.policy, margins: { ...sound.policy.margins, latencyTail: 0.5 } }
  expect(codesOf({ ...by({ latency: off(9.9) }), policy })).toEqual([])
  expect(codesOf({ ...by({ latency: off(10) }), policy })).toEqual(['client-error'])
})

test('an error that is not known is not fine', () => {
  expect(codesOf(by({ latency: off(Number.NaN) }))).toEqual(['client-error'])
})

test('the message has the error, the limit and where it was found', () => {
  expect(wordsOf(by({ latency: off(3.21), attempts: 3 }), 'client-error')).toContain(
    'off by 3.2 ms of latency (median, against a server of known timing at concurrency 8, 3 attempts); allowed are 1 ms, or 2 % of the median latency of 99.5 ms',
  )
})
