import { request as post } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { judgeAnswer } from '../../src/load/answer/judge-answer.ts'
import type { HttpRequest } from '../../src/load/api/api.ts'
import { apis } from '../../src/load/api/index.ts'
import { Connection } from '../../src/load/http/connection.ts'
import type { ScenarioRun, Target } from '../../src/load/index.ts'
import type { ApiConfig } from '../../src/model/config.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import type { RequestRecord } from '../../src/model/request.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { findInvalid } from '../../src/telemetry/index.ts'
import { countOutcomes, noAbort, run, scenarioOf } from '../load/load-setup.ts'
import type { Shared } from './real-server.ts'

/** One way to speak to a server, and how exact prompts are there. */
export interface Way {
  readonly api: ApiConfig
  readonly promptSource: 'token-ids' | 'tokenize' | 'words'
  /** Largest number of tokens by which a prompt may miss its length. */
  readonly slack: (promptTokens: number) => number
}

export const exactly = (): number => 0
/** The deviation from which on a measurement is invalid. */
export const within2Percent = (promptTokens: number): number => Math.max(2, 0.02 * promptTokens)

const deadline = { requestTimeoutMs: 120_000 }

/** Runs a scenario with a deadline that slow servers keep. */
export function measure(target: Target, changes: Partial<Scenario>): Promise<ScenarioRun> {
  return run(target, scenarioOf(changes), deadline)
}

/** Prompts and answers have the asked lengths, by the server's own count, and none came from a cache. */
export function promiseExactLengths(shared: Shared, ways: readonly Way[]): void {
  describe.for(ways)('$api.type', ({ api, promptSource, slack }) => {
    test.for([
      { promptTokens: 300, outputTokens: 16, concurrency: 4, streaming: true },
      { promptTokens: 300, outputTokens: 16, concurrency: 4, streaming: false },
      { promptTokens: 37, outputTokens: 5, concurrency: 1, streaming: true },
      { promptTokens: 64, outputTokens: 1, concurrency: 2, streaming: false },
    ])('$promptTokens in, $outputTokens out, $concurrency at a time, streaming $streaming', async (cell) => {
      const target = await shared.connect(api)
      // A name of its own gives it prompts of its own, which no earlier scenario has put into a cache.
      const name = `${api.type}-${Object.values(cell).join('-')}`
      const result = await measure(target, { ...cell, name, requests: 8 })
      expect(result.window.warmupFailures).toEqual([])
      expect(countOutcomes(result)).toEqual({ ok: 8 })
      expect(result.window.promptSource).toBe(promptSource)
      for (const record of result.records) {
        expect(record.outputTokens).toBe(cell.outputTokens)
        expect(Math.abs((record.promptTokens ?? Number.NaN) - cell.promptTokens)).toBeLessThanOrEqual(
          slack(cell.promptTokens),
        )
        expect(record.cachedTokens ?? 0).toBeLessThanOrEqual(1)
        if (cell.streaming) expectStreamed(record)
      }
    })
  })
}

function expectStreamed({ sentMs, firstByteMs, firstTokenMs, lastTokenMs, endMs, chunks }: RequestRecord): void {
  const times = [sentMs, firstByteMs, firstTokenMs, lastTokenMs, endMs].map((time) => time ?? Number.NaN)
  expect(times.every(Number.isFinite)).toBe(true)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(chunks).toBeGreaterThan(0)
}

/** Whose words are shown when a prompt is too long: each record's, or, where prompts are calibrated, one error's. */
export type Refusal = 'each request' | 'calibration'

/** A prompt beyond the context fails with the server's words, and the server takes no harm. */
export function promiseClearRefusal(shared: Shared, api: ApiConfig, refusal: Refusal, words: RegExp): void {
  test.for([true, false])(`${api.type}: a prompt beyond the context, streaming %s`, async (streaming) => {
    const target = await shared.connect(api)
    const tooLong = measure(target, { promptTokens: 5000, requests: 5, streaming })
    if (refusal === 'calibration')
      await expect(tooLong).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(words) })
    else {
      const result = await tooLong
      expect(countOutcomes(result)).toEqual({ 'http-error': 5 })
      for (const record of result.records) expect(record.detail).toMatch(words)
    }
    expect(countOutcomes(await measure(target, { requests: 5, streaming }))).toEqual({ ok: 5 })
  })
}

/**
 * Prompts start with a nonce, so that a prefix cache has nothing for them even where it is on. The same prompts once
 * more are in the cache, and that must be found out.
 */
export function promiseCacheIsSeen(shared: Shared, api: ApiConfig): void {
  test('a cache that is on has nothing for our prompts, and repeating them is found out', async () => {
    const target = await shared.connect(api)
    const scenario = scenarioOf({ name: `cache-${api.type}`, promptTokens: 400, concurrency: 1, requests: 6 })
    const findingsOf = ({ records, window }: ScenarioRun) =>
      findInvalid({ scenario, records, window, telemetry: null, policy: defaultPolicy, calibration: null }).map(
        ({ code }) => code,
      )
    const first = await measure(target, scenario)
    expect(countOutcomes(first)).toEqual({ ok: 6 })
    expect(first.records.every(({ cachedTokens }) => cachedTokens !== null)).toBe(true)
    expect(findingsOf(first)).not.toContain('cached-prompt')
    const again = await measure(target, scenario)
    expect(findingsOf(again)).toContain('cached-prompt')
  })
}

/** Servers close what lies idle for about 5 s; no request may be lost to that. */
export function promiseIdleConnections(shared: Shared, api: ApiConfig): void {
  test('a connection that lay idle for longer than servers keep one costs no request', async () => {
    const { model } = await shared.connect(api)
    const connection = new Connection(shared.origin, () => performance.now())
    const ask = { config: api, model, prompt: 'Hello', outputTokens: 4, streaming: false, isLlamaCpp: false }
    const request = apis[api.type].request(ask)
    try {
      for (const pauseMs of [0, 4900, 5100, 6000]) {
        await sleep(pauseMs)
        const { status, failure } = await connection.send(request, { timeoutMs: 60_000, signal: noAbort })
        expect({ pauseMs, status, failure }).toEqual({ pauseMs, status: 200, failure: null })
      }
    } finally {
      await connection.close()
    }
  })
}

interface Ending {
  readonly api: ApiConfig
  /** Enough for a stream to be under way still when the signal comes. */
  readonly outputTokens: number
  /** How a stream under way fails: outcome and words. Empty where the server finishes what it has begun. */
  readonly cut: readonly (readonly [RequestRecord['outcome'], RegExp])[]
}

/**
 * SIGTERM while streams are under way: whatever the server makes of them, none counts as a success with fewer tokens
 * than asked for. Ends the shared server, so it stands last.
 */
export function promiseFailuresOnSigterm(shared: Shared, { api, outputTokens, cut }: Ending): void {
  test(`SIGTERM during streams: they are ${cut.length > 0 ? 'cut, and fail' : 'finished'}`, async () => {
    const { model } = await shared.connect(api)
    const ask = { config: api, model, prompt: 'Hello', outputTokens, streaming: true, isLlamaCpp: false }
    const request = apis[api.type].request(ask)
    const first = firstBytes(shared.origin, request)
    const connections = [1, 2].map(() => new Connection(shared.origin, () => performance.now()))
    const sent = connections.map((connection) => connection.send(request, { timeoutMs: 30_000, signal: noAbort }))
    await first
    process.kill(shared.server.pid, 'SIGTERM')
    for (const capture of await Promise.all(sent)) {
      const expected = { api: apis[api.type], config: api, outputTokens, streaming: true }
      const { outcome, detail, answer } = judgeAnswer(capture, expected)
      if (cut.length === 0) expect([outcome, answer.outputTokens]).toEqual(['ok', outputTokens])
      else
        expect(
          cut.some(([wanted, words]) => outcome === wanted && words.test(detail ?? '')),
          detail ?? 'ok',
        ).toBe(true)
    }
    await Promise.all(connections.map((connection) => connection.close()))
  })
}

/** Resolves once the answer has begun; reads on and drops the rest. */
async function firstBytes(origin: string, { path, body }: HttpRequest): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const asking = post(`${origin}${path}`, { headers: { 'content-type': 'application/json' }, method: 'POST' })
    asking.on('error', reject)
    asking.on('response', (response) => response.on('error', () => {}).once('data', () => resolve()))
    asking.end(body)
  })
}
