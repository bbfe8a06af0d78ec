// A home-made service of FastAPI and Transformers: the default mapping of `generate`, whole and streamed.
import { describe, expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { bodyText } from '../../src/load/http/capture.ts'
import { Connection } from '../../src/load/http/connection.ts'
import { requestOneToken } from '../../src/load/index.ts'
import { apiConfig, countOutcomes, noAbort } from '../load/load-setup.ts'
import {
  measure,
  promiseClearRefusal,
  promiseExactLengths,
  promiseFailuresOnSigterm,
  promiseIdleConnections,
  within2Percent,
} from './promises.ts'
import { recipeOf, useShared } from './real-server.ts'
import { promiseFindingOnKill, promiseWholeRun } from './whole-trials.ts'

const generate = apiConfig('generate')
const start = recipeOf('fastapi')

describe('one FastAPI service', () => {
  const shared = useShared(start, generate)

  promiseExactLengths(shared, [{ api: generate, promptSource: 'words', slack: within2Percent }])
  promiseClearRefusal(shared, generate, 'calibration', /HTTP 413.*exceed 4096/)
  promiseIdleConnections(shared, generate)

  test('tokens are counted by its usage: it streams words, not tokens', async () => {
    const result = await measure(await shared.connect(generate), { outputTokens: 32, requests: 5 })
    expect(countOutcomes(result)).toEqual({ ok: 5 })
    for (const { outputTokens, chunks } of result.records) {
      expect(outputTokens).toBe(32)
      expect(chunks).toBeGreaterThan(0)
      expect(chunks).not.toBe(32)
    }
  })

  test('it serves one request at a time: four together wait in its line, and all are answered', async () => {
    const result = await measure(await shared.connect(generate), { concurrency: 4, requests: 12, streaming: false })
    expect(countOutcomes(result)).toEqual({ ok: 12 })
  })

  test('a field that it does not take is a final error with status 422 and the name of the field', async () => {
    const request = '{"prompt": {{{prompt}}}, "max_new_tokens": 0}'
    const api = { ...generate, generate: { ...generate.generate, request } }
    const asked = requestOneToken(shared.origin, api, { signal: noAbort, timeoutMs: 60_000 })
    await expect(asked).rejects.toSatisfy(
      (error) => error instanceof ActionError && /HTTP 422.*max_new_tokens/.test(error.message),
    )
  })

  test('a body that is no JSON is refused with status 422 and its words', async () => {
    const connection = new Connection(shared.origin, () => performance.now())
    const request = { method: 'POST', path: '/generate', body: Buffer.from('{"prompt": ') } as const
    const capture = await connection.send(request, { timeoutMs: 10_000, signal: noAbort })
    await connection.close()
    expect([capture.status, bodyText(capture)]).toEqual([422, expect.stringMatching(/JSON/)])
  })

  promiseFailuresOnSigterm(shared, { api: generate, outputTokens: 60, cut: [] })
})

promiseFindingOnKill(start, generate)
promiseWholeRun(start, { type: 'generate' })
