import { describe, expect, test } from 'vitest'
import { clientErrors, pairWithTruth, spreadOf, type TruthPair } from '../../../src/load/calibration/truth.ts'
import type { RequestRecord } from '../../../src/model/request.ts'
import type { LoggedRequest } from '../../../src/reference-server/index.ts'

/** The server: arrival at 100, tokens from 150 to 180 ms, four of them. */
const truth: LoggedRequest = {
  id: null,
  promptStart: 'p0',
  promptTokens: 8,
  askedTokens: 4,
  streaming: true,
  fault: null,
  arrivalMs: 100,
  firstTokenMs: 150,
  lastTokenMs: 180,
  tokens: 4,
}

/** The client: sent 0.5 ms before that, tokens seen 1 and 0.4 ms after they left. */
const record = {
  index: 0,
  sentMs: 99.5,
  firstTokenMs: 151,
  lastTokenMs: 180.4,
  endMs: 180.4,
  outcome: 'ok',
} as RequestRecord

const pair: TruthPair = { record, truth }

describe('errors of one request, by hand', () => {
  const errors = clientErrors([pair])
  test('TTFT: 51.5 against 50', () => expect(errors.ttftMs[0]).toBeCloseTo(1.5, 9))
  test('TPOT: 29.4 / 3 against 30 / 3', () => expect(errors.tpotMs[0]).toBeCloseTo(-0.2, 9))
  test('latency: 80.9 against 80', () => expect(errors.latencyMs[0]).toBeCloseTo(0.9, 9))
})

test.for(['sentMs', 'firstTokenMs', 'lastTokenMs', 'endMs'] as const)(
  'a client without %s has no small error',
  (time) => {
    const { ttftMs, tpotMs, latencyMs } = clientErrors([{ record: { ...record, [time]: null }, truth }])
    expect([...ttftMs, ...tpotMs, ...latencyMs].some(Number.isNaN)).toBe(true)
  },
)

test.for(['firstTokenMs', 'lastTokenMs'] as const)('a server without %s leaves no error to tell', (time) => {
  const { ttftMs, latencyMs } = clientErrors([{ record, truth: { ...truth, [time]: null } }])
  expect([...ttftMs, ...latencyMs].some(Number.isNaN)).toBe(true)
})

describe('spread', () => {
  test('median as signed, P99 of the size, by nearest rank', () => {
    // 200 values -100 .. 99: the 100th smallest is -1; of the sizes 0, 1, 1, 2, 2, .. 99, 99, 100 the 198th is 99.
    const values = Array.from({ length: 200 }, (_, index) => ((index * 77) % 200) - 100)
    expect(spreadOf(values)).toEqual({ medianMs: -1, p99Ms: 99 })
    expect(spreadOf([-3])).toEqual({ medianMs: -3, p99Ms: 3 })
  })

  test('of nothing, and of what is no number, there is no figure', () => {
    expect(spreadOf([])).toEqual({ medianMs: Number.NaN, p99Ms: Number.NaN })
    expect(spreadOf([1, Number.NaN, 2])).toEqual({ medianMs: Number.NaN, p99Ms: Number.NaN })
  })
})

describe('which entry of the log belongs to which record', () => {
  const log = [truth, { ...truth, promptStart: 'p1', arrivalMs: 7 }]
  const startOf = ({ index }: RequestRecord): string => `p${index}`

  test('the one whose prompt begins the same, in any order', () => {
    const pairs = pairWithTruth([{ ...record, index: 1 }, record], log, startOf)
    expect(pairs.map(({ truth: { arrivalMs } }) => arrivalMs)).toEqual([7, 100])
  })

  test('a request that the server never saw, and two that look alike, are errors', () => {
    expect(() => pairWithTruth([{ ...record, index: 2 }], log, startOf)).toThrow('never saw request 2')
    expect(() => pairWithTruth([record], [truth, truth], startOf)).toThrow('two requests begin with "p0"')
  })
})
