import { describe, expect, test } from 'vitest'
import { bodyFaults } from './body-fault-rows.ts'
import { answerWell, fakeOpenAi } from './fake-openai.ts'
import { FakeServer } from './fake-server.ts'
import { streamFaults } from './fault-rows.ts'
import { apiConfig, countOutcomes, knownTarget, run, scenarioOf } from './load-setup.ts'

describe.for([
  ['openai-completions', true, streamFaults],
  ['openai-chat', true, streamFaults],
  ['openai-completions', false, bodyFaults],
  ['openai-chat', false, bodyFaults],
] as const)('%s, streaming %s: a broken answer never counts as a success', ([type, isStreaming, rows]) => {
  test.for(rows)('$fault is $outcome', async ({ answer, outcome, detail }) => {
    await using server = await FakeServer.start(fakeOpenAi({ fault: (index) => (index % 2 === 1 ? answer : null) }))
    // Every second request is faulty, and one at a time keeps it so within the measured part.
    const scenario = scenarioOf({ concurrency: 1, streaming: isStreaming })
    const result = await run(knownTarget(server.origin, apiConfig(type)), scenario)
    expect(countOutcomes(result)).toEqual({ ok: 6, [outcome]: 6 })
    for (const record of result.records) {
      if (record.outcome === 'ok') expect(record.detail).toBeNull()
      else expect(record.detail).toMatch(detail)
    }
    expect(result.window.warmupFailures).toHaveLength(Math.floor(result.window.warmupRequests / 2))
    expect(result.window.warmupFailures[0]).toContain(outcome)
  })

  test('a healthy server has no failure', async () => {
    await using server = await FakeServer.start(fakeOpenAi({ fault: () => answerWell }))
    const result = await run(knownTarget(server.origin, apiConfig(type)), scenarioOf({ streaming: isStreaming }))
    expect(countOutcomes(result)).toEqual({ ok: 12 })
    expect(result.window.warmupFailures).toEqual([])
  })
})
