// vLLM on the CPU with a random model: both OpenAI APIs, its prefix cache, and how it ends.
import { describe, expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { requestOneToken } from '../../src/load/index.ts'
import { apiConfig, countOutcomes, noAbort } from '../load/load-setup.ts'
import {
  exactly,
  measure,
  promiseCacheIsSeen,
  promiseClearRefusal,
  promiseExactLengths,
  promiseFailuresOnSigterm,
  promiseIdleConnections,
  within2Percent,
} from './promises.ts'
import { recipeOf, useShared } from './real-server.ts'
import { promiseFindingOnKill, promiseWholeRun } from './whole-trials.ts'

const completions = apiConfig('openai-completions')
const chat = apiConfig('openai-chat')
const start = recipeOf('vllm')

describe('one vLLM server', () => {
  const shared = useShared(start, completions)

  promiseExactLengths(shared, [
    { api: completions, promptSource: 'token-ids', slack: exactly },
    { api: chat, promptSource: 'words', slack: within2Percent },
  ])
  promiseClearRefusal(shared, completions, 'each request', /HTTP 400.*1024/)
  promiseClearRefusal(shared, chat, 'calibration', /HTTP 400.*1024/)
  promiseIdleConnections(shared, completions)
  promiseCacheIsSeen(shared, completions)

  test('keeps connections after streams', async () => {
    const target = await shared.connect(completions)
    expect(target.closesAfter).toEqual({ stream: false, body: false })
  })

  test('an event may hold several tokens: usage in each event tells how many the first one held', async () => {
    const target = await shared.connect(completions)
    const extraBody = { stream_options: { include_usage: true, continuous_usage_stats: true } }
    const result = await measure({ ...target, api: { ...completions, extraBody } }, { outputTokens: 32, requests: 5 })
    expect(countOutcomes(result)).toEqual({ ok: 5 })
    for (const { outputTokens, chunks, firstChunkTokens } of result.records) {
      expect(outputTokens).toBe(32)
      expect(chunks).toBeLessThanOrEqual(32)
      // The other events hold at least one token each.
      expect(firstChunkTokens).toBeLessThanOrEqual(32 - chunks + 1)
    }
  })

  test('a model that it does not have is a final error with its words', async () => {
    const asked = requestOneToken(
      shared.origin,
      { ...completions, model: 'no-such-model' },
      { signal: noAbort, timeoutMs: 60_000 },
    )
    await expect(asked).rejects.toSatisfy(
      (error) => error instanceof ActionError && /404.*no-such-model/.test(error.message),
    )
  })

  promiseFailuresOnSigterm(shared, {
    api: completions,
    outputTokens: 900,
    cut: [
      // It ends some streams with finish_reason "abort" and [DONE], and lets others hang without a further byte.
      ['stream-error', /abort/],
      ['deadline', /No complete answer/],
      ['reset', /./],
    ],
  })
})

promiseFindingOnKill(start, completions)
promiseWholeRun(start, { type: 'openai-completions' })
