import { describe, expect, test } from 'vitest'
import { runScenario } from '../../src/load/index.ts'
import type { ApiConfig } from '../../src/model/config.ts'
import type { Outcome } from '../../src/model/request.ts'
import { type FaultName, faultOf, faults } from '../../src/reference-server/faults.ts'
import { apiConfig, knownTarget, noAbort, scenarioOf } from '../load/load-setup.ts'
import { startReference } from './start-reference.ts'

describe('which requests are faulty', () => {
  const chosen = (every: number, after: number): number[] =>
    [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((number) => faultOf(number, { fault: 'cut', every, after }) !== null)

  test('every n-th, counted from where faults begin', () => {
    expect(chosen(1, 0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(chosen(2, 0)).toEqual([2, 4, 6, 8])
    expect(chosen(3, 2)).toEqual([5, 8])
    expect(faultOf(1, { fault: null, every: 1, after: 0 })).toBeNull()
  })
})

/** Outcomes that name the fault rightly; streaming and whole answers can differ. */
const expected: Readonly<Record<FaultName, readonly Outcome[]>> = {
  'http-500': ['http-error'],
  close: ['reset', 'truncated'],
  cut: ['truncated', 'malformed'],
  'no-done': ['truncated'],
  'error-event': ['stream-error'],
  'empty-text': ['no-text'],
  'no-text': ['truncated', 'no-text'],
  'half-length': ['wrong-length'],
  'over-length': ['wrong-length'],
  'slow-loris': ['deadline'],
}

describe.each(['openai-completions', 'openai-chat'] as const)(
  '%s: our client counts each fault as a failure',
  (type) => {
    test.each(Object.keys(faults) as FaultName[])('%s', async (fault) => {
      // The warm-up of this load sends a number of requests that is not fixed, so all of them are faulty.
      const outcomes = await outcomesOf(type, fault, true)
      expect(outcomes.length).toBe(6)
      for (const outcome of outcomes) expect(expected[fault]).toContain(outcome)
    })

    test.each((Object.keys(faults) as FaultName[]).filter((fault) => fault !== 'no-done'))(
      '%s, not streaming',
      async (fault) => {
        for (const outcome of await outcomesOf(type, fault, false)) expect(expected[fault]).toContain(outcome)
      },
    )
  },
)

async function outcomesOf(type: ApiConfig['type'], fault: FaultName, streaming: boolean): Promise<Outcome[]> {
  await using server = await startReference({ fault })
  const scenario = scenarioOf({ requests: 6, concurrency: 3, streaming })
  const { records } = await runScenario({
    target: knownTarget(server.origin, apiConfig(type)),
    scenario,
    trial: 'h1',
    seed: 1,
    requestTimeoutMs: fault === 'slow-loris' ? 300 : 10_000,
    nowMs: () => performance.now(),
    signal: noAbort,
  })
  return records.map(({ outcome }) => outcome)
}

test('half of the requests faulty: exactly the other half succeeds', async () => {
  await using server = await startReference({ fault: 'cut', every: 2 })
  const { records, window } = await runScenario({
    target: knownTarget(server.origin, apiConfig('openai-completions')),
    scenario: scenarioOf({ requests: 40, concurrency: 1 }),
    trial: 'h1',
    seed: 1,
    requestTimeoutMs: 10_000,
    nowMs: () => performance.now(),
    signal: noAbort,
  })
  expect(window.warmupRequests).toBeGreaterThan(0)
  expect(records.filter(({ outcome }) => outcome === 'ok')).toHaveLength(20)
  expect(server.log.filter((entry) => entry.fault === 'cut').length).toBe(Math.floor(server.log.length / 2))
})
