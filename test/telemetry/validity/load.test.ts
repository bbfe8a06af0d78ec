// Rules about how the load was made: an open loop that fell behind, a server that was still warming up, a time that was
// asked for.
import { describe, expect, test } from 'vitest'
import type { ValidityInput } from '../../../src/telemetry/index.ts'
import { codesOf, sound, soundRequest, wordsOf } from './sound.ts'

/** The sound measurement as an open loop of 10 requests per second: due every 100 ms, sent at once. */
const open: ValidityInput = {
  ...sound,
  scenario: { ...sound.scenario, concurrency: null, arrivals: { requestsPerSecond: 10, burstiness: 1 } },
}

/** Request `index` leaves `lateMs(index)` after it was due. */
function behind(lateMs: (index: number) => number, changes: Partial<ValidityInput['window']> = {}): ValidityInput {
  const records = open.records.map((record) => {
    const late = lateMs(record.index)
    const moved = (ms: number | null) => (ms === null ? null : ms + late)
    const { sentMs, firstByteMs, firstTokenMs, lastTokenMs, endMs } = record
    return {
      ...record,
      sentMs: moved(sentMs),
      firstByteMs: moved(firstByteMs),
      firstTokenMs: moved(firstTokenMs),
      lastTokenMs: moved(lastTokenMs),
      endMs: moved(endMs),
    }
  })
  return { ...open, telemetry: null, records, window: { ...open.window, endMs: 60_000, ...changes } }
}

describe('an open loop', () => {
  test('that keeps its schedule has no finding', () => {
    expect(codesOf(open)).toEqual([])
    expect(codesOf(behind(() => 3))).toEqual([])
  })

  test('that ends 2 per cent behind its schedule is the client’s fault when no request waited for a connection', () => {
    // 30 requests in 3 s: 98 % of the rate is 3000 / 0.98 = 3061.2 ms.
    expect(codesOf(behind((index) => (61 * index) / 29))).toEqual([])
    expect(codesOf(behind((index) => (70 * index) / 29))).toEqual(['client-rate'])
    expect(
      wordsOf(
        behind(() => 750),
        'client-rate',
      ),
    ).toContain('sent 8.0 of 10 requests per second: the last ones left 750 ms late')
  })

  test('is not judged by one late request, but by the end of it', () => {
    expect(codesOf(behind((index) => (index === 29 ? 2000 : 0)))).toEqual([])
    expect(codesOf(behind((index) => (index >= 27 ? 2000 : 0)))).toEqual(['client-rate'])
  })

  test('is a result where requests had to wait for a connection: the server was the limit', () => {
    expect(codesOf(behind((index) => 100 * index, { queuedRequests: 25 }))).toEqual([])
  })

  test('counts the client’s lag where only the client can know it', () => {
    // A twentieth of 99.5 ms is 4.975 ms.
    expect(codesOf(behind((index) => 100 * index, { queuedRequests: 25, clientLagTailMs: 5.1 }))).toEqual([
      'client-lag',
    ])
    expect(codesOf(behind(() => 0, { clientLagTailMs: 4.9 }))).toEqual([])
    expect(codesOf(behind(() => 0, { clientLagTailMs: Number.NaN }))).toEqual(['client-lag'])
  })

  test('whose times or counts are no numbers is not fine', () => {
    expect(codesOf(behind(() => Number.NaN))).toContain('client-rate')
  })

  test('with a time has exactly the requests that are due in it', () => {
    const timed = { ...open, scenario: { ...open.scenario, requests: 5, minSeconds: 3 } }
    expect(codesOf(timed)).toEqual([])
    expect(wordsOf({ ...timed, records: timed.records.slice(1) }, 'request-count')).toContain('the plan asks for 30')
  })
})

describe('a closed loop with a time', () => {
  const timed = { ...sound, scenario: { ...sound.scenario, requests: 20, minSeconds: 3 } }

  test('may have more requests than planned', () => {
    expect(codesOf(timed)).toEqual([])
  })

  test('must have those planned, and the time', () => {
    expect(codesOf({ ...timed, records: timed.records.slice(11) })).toContain('request-count')
    expect(codesOf({ ...timed, scenario: { ...timed.scenario, minSeconds: 3.1 } })).toEqual([])
    expect(wordsOf({ ...timed, scenario: { ...timed.scenario, minSeconds: 4 } }, 'request-count')).toContain(
      'The recording holds 30 requests in 3.0 s; the plan asks for at least 20 and 4 s.',
    )
    expect(codesOf({ ...timed, window: { ...timed.window, endMs: Number.NaN } })).toContain('request-count')
  })

  test('may end as much earlier as its streams pause', () => {
    const paused = { ...timed.scenario, minSeconds: 4 }
    expect(codesOf({ ...timed, scenario: { ...paused, thinkTimeMs: 1000 } })).toEqual([])
    expect(codesOf({ ...timed, scenario: { ...paused, thinkTimeMs: 500 } })).toEqual(['request-count'])
  })

  test('is judged at the percentile of the planned number', () => {
    const few = { ...timed, scenario: { ...timed.scenario, requests: 20, minSeconds: 1 } }
    // 20 requests support P80, which needs 14 of the 30 that were sent.
    const failing = (count: number) => ({
      ...few,
      policy: { ...few.policy, failureLimit: 1 },
      records: few.records.map((record, at) => (at < count ? { ...record, outcome: 'reset' as const } : record)),
    })
    expect(codesOf(failing(16))).toEqual([])
    expect(codesOf(failing(17))).toEqual(['too-few-samples'])
  })
})

describe('a server that was still warming up', () => {
  /** Latency of request `index` in milliseconds; one after the other. */
  function withLatencies(latencyMs: (index: number) => number): ValidityInput {
    let now = 1000
    const records = sound.records.map((_, index) => {
      const sentMs = now
      const ms = (share: number) => sentMs + share * latencyMs(index)
      now = ms(1)
      const times = { scheduledMs: sentMs, sentMs, firstByteMs: ms(0.1), firstTokenMs: ms(0.2), lastTokenMs: ms(0.9) }
      return { ...soundRequest(index), ...times, endMs: ms(1) }
    })
    return { ...sound, records, window: { ...sound.window, endMs: now, steadyEndMs: now } }
  }

  test('is found when the first third took twice as long as the rest', () => {
    expect(codesOf(withLatencies((index) => (index < 10 ? 199 : 100)))).toEqual([])
    expect(codesOf(withLatencies((index) => (index < 10 ? 201 : 100)))).toEqual(['not-steady'])
    expect(
      wordsOf(
        withLatencies((index) => (index < 10 ? 300 : 100)),
        'not-steady',
      ),
    ).toContain(
      'The first 10 measured requests had a median latency of 300.0 ms, the 20 after them 100.0 ms: the server was still getting faster, by 200 %; 100 % are tolerated.',
    )
  })

  test('is not found by a few slow requests at the start, nor by a server that gets slower', () => {
    expect(codesOf(withLatencies((index) => (index < 4 ? 1000 : 100)))).toEqual([])
    expect(codesOf(withLatencies((index) => (index < 10 ? 100 : 300)))).toEqual([])
  })

  test('is not found on a machine that is as restless later on', () => {
    // A tenth and more of the rest is as slow as the start.
    expect(codesOf(withLatencies((index) => (index < 10 || index >= 27 ? 300 : 100)))).toEqual([])
    expect(codesOf(withLatencies((index) => (index < 10 || index >= 29 ? 300 : 100)))).toEqual(['not-steady'])
  })

  test('is looked for in the order in which requests were sent', () => {
    const warming = withLatencies((index) => (index < 10 ? 300 : 100))
    expect(codesOf({ ...warming, records: warming.records.toReversed() })).toEqual(['not-steady'])
  })

  test('needs enough requests to be seen', () => {
    const warming = withLatencies((index) => (index < 4 ? 300 : 100))
    const few = { ...warming, scenario: { ...sound.scenario, requests: 14 }, records: warming.records.slice(0, 14) }
    expect(codesOf(few)).toEqual([])
  })

  test('of an open loop is seen in the latency that is judged: from when a request was due', () => {
    const late = behind((index) => (index < 10 ? 150 : 0), { queuedRequests: 10 })
    // 249.5 ms from when they were due, 99.5 ms from sending.
    expect(codesOf(late)).toEqual(['not-steady'])
    expect(codesOf({ ...late, scenario: sound.scenario })).not.toContain('not-steady')
  })
})
