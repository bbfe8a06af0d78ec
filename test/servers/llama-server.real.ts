// llama.cpp's own server with a random model: its three APIs, its prompt cache, and how it closes connections.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ensureModel } from '../../examples/engine/gguf/model-cache.ts'
import { serverFolder } from '../../scripts/servers/index.ts'
import { bodyText } from '../../src/load/http/capture.ts'
import { Connection } from '../../src/load/http/connection.ts'
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
import { Place, recipeOf, startReal, useShared, watchStatus } from './real-server.ts'
import { promiseFindingOnKill, promiseWholeRun } from './whole-trials.ts'

const completions = apiConfig('openai-completions')
const chat = apiConfig('openai-chat')
const native = apiConfig('llama-cpp')
const start = recipeOf('llama-server')
const ways = [
  { api: completions, promptSource: 'token-ids', slack: exactly },
  { api: chat, promptSource: 'words', slack: within2Percent },
  { api: native, promptSource: 'token-ids', slack: exactly },
] as const

describe('one llama-server', () => {
  const shared = useShared(start, completions)

  promiseExactLengths(shared, ways)
  promiseClearRefusal(shared, completions, 'each request', /HTTP 400.*exceed/)
  promiseClearRefusal(shared, native, 'each request', /HTTP 400.*exceed/)
  promiseIdleConnections(shared, completions)

  describe.for([completions, native])('$type', (api) => {
    promiseCacheIsSeen(shared, { ...api, extraBody: { cache_prompt: true } })
  })

  test.for(ways)('$api.type: it closes connections after streams, and no request is lost to that', async ({ api }) => {
    const target = await shared.connect(api)
    expect(target.closesAfter).toEqual({ stream: true, body: false })
    const result = await measure(target, { concurrency: 4, requests: 60 })
    expect(countOutcomes(result)).toEqual({ ok: 60 })
  })

  test('more whole answers than one of its connections carries (100) come without a failure', async () => {
    const target = await shared.connect(completions)
    const result = await measure(target, { concurrency: 1, requests: 120, streaming: false, outputTokens: 2 })
    expect(countOutcomes(result)).toEqual({ ok: 120 })
  })

  test('tokens are counted by usage: a character of two tokens is one chunk', async () => {
    // The grammar leaves nothing but a letter that this vocabulary spells as two bytes.
    const api = { ...completions, extraBody: { grammar: 'root ::= "é"+' } }
    const result = await measure(await shared.connect(completions).then((target) => ({ ...target, api })), {
      outputTokens: 32,
      requests: 5,
    })
    expect(countOutcomes(result)).toEqual({ ok: 5 })
    for (const { outputTokens, chunks } of result.records) {
      expect(outputTokens).toBe(32)
      expect(chunks).toBe(16)
    }
  })

  test('a model name that it does not have is not refused: it has one model only', async () => {
    const api = { ...completions, model: 'no-such-model' }
    const result = await measure(await shared.connect(api), { requests: 5 })
    expect(countOutcomes(result)).toEqual({ ok: 5 })
  })

  test('a body that is no JSON is refused with status 400 or 500 and its words', async () => {
    const connection = new Connection(shared.origin, () => performance.now())
    const request = { method: 'POST', path: '/v1/completions', body: Buffer.from('{"prompt": ') } as const
    const capture = await connection.send(request, { timeoutMs: 10_000, signal: noAbort })
    await connection.close()
    expect([capture.status, bodyText(capture)]).toEqual([
      expect.toSatisfy((status) => status >= 400),
      expect.stringMatching(/error.*parse/),
    ])
  })

  promiseFailuresOnSigterm(shared, {
    api: completions,
    outputTokens: 900,
    // It cuts some streams, and lets others hang without a further byte.
    cut: [
      ['reset', /./],
      ['deadline', /No complete answer/],
    ],
  })
})

test('while it loads it answers 503, and it counts as ready only after that', async () => {
  await using place = await Place.open()
  const { path } = ensureModel(join(serverFolder('llama-server'), 'models'), 'small', 1)
  const command = start.command.map((part, index) => (start.command[index - 1] === '--model' ? path : part))
  const seen: number[] = []
  const watching = new AbortController()
  const onPort = (port: number) => void watchStatus(`http://127.0.0.1:${port}/health`, seen, watching.signal)
  const server = await startReal(place, { ...start, command }, completions, onPort)
  watching.abort()
  try {
    expect(seen).toContain(503)
    expect(seen.slice(seen.indexOf(200)).every((status) => status === 200)).toBe(true)
  } finally {
    await server.stop()
  }
})

promiseFindingOnKill(start, completions)
promiseWholeRun(start, { type: 'openai-completions' })
promiseWholeRun(start, { type: 'llama-cpp' })
