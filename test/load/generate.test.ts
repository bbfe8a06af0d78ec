import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { requestOneToken } from '../../src/load/index.ts'
import type { GenerateMapping } from '../../src/model/config.ts'
import { type Answer, event, FakeServer, sendJson, startStream } from './fake-server.ts'
import { apiConfig, connectTo, countOutcomes, knownTarget, noAbort, run, scenarioOf } from './load-setup.ts'

/** A home-made service: whole answers on /generate, text events and a usage event on /generate_stream. */
const homeMade: Answer = (response, { path, body }) => {
  const tokens = Number(body.max_new_tokens)
  const usage = { prompt_tokens: String(body.prompt).trim().split(' ').length + 3, completion_tokens: tokens }
  if (path === '/generate') return sendJson(response, 200, { text: 'word '.repeat(tokens), usage })
  if (path !== '/generate_stream') return sendJson(response, 404, { detail: 'Not Found' })
  startStream(response)
  // Its streamer sends an empty text first, and words rather than tokens.
  response.write(event({ text: '' }))
  for (let token = 0; token < tokens - 1; token += 1) response.write(event({ text: 'word ' }))
  response.write(event({ usage }))
  response.end(event('[DONE]'))
}

function mapped(changes: Partial<GenerateMapping>) {
  const config = apiConfig('generate')
  return { ...config, generate: { ...config.generate, ...changes } }
}

describe('a home-made endpoint', () => {
  test.for([true, false])('needs no mapping, streaming %s', async (streaming) => {
    await using server = await FakeServer.start(homeMade)
    const api = apiConfig('generate')
    await requestOneToken(server.origin, api, { signal: noAbort, timeoutMs: 5000 })
    const target = await connectTo(server.origin, api)
    expect(target).toMatchObject({ model: null, countSource: 'mapping', promptSource: { kind: 'words' } })
    const { records, window } = await run(target, scenarioOf({ streaming, promptTokens: 64 }))
    expect(records.map((record) => [record.outcome, record.promptTokens, record.outputTokens])).toEqual(
      Array(12).fill(['ok', 64, 8]),
    )
    expect(records[0]?.chunks).toBe(streaming ? 7 : 0)
    expect(window).toMatchObject({ countSource: 'mapping', promptSource: 'words' })
    expect(server.log.some((seen) => seen.path === '/tokenize')).toBe(false)
  })

  test('may have other names for everything, and a model with a slash in its name', async () => {
    await using server = await FakeServer.start((response, { body }) => {
      expect(body).toMatchObject({ inputs: expect.any(String), parameters: { n: 8 }, model: 'org/model "7B"' })
      sendJson(response, 200, { out: [{ generated: 'text' }], meta: { in: 32, tokens: 8 } })
    })
    const api = {
      ...mapped({
        request: '{"inputs": {{{prompt}}}, "parameters": {"n": {{outputTokens}}}, "model": "{{model}}"}',
        text: 'out.0.generated',
        promptTokens: 'meta.in',
        outputTokens: 'meta.tokens',
      }),
      model: 'org/model \\"7B\\"',
    }
    const target = knownTarget(server.origin, api, { model: api.model, countSource: 'mapping' })
    const result = await run(target, scenarioOf({ streaming: false }))
    expect(countOutcomes(result)).toEqual({ ok: 12 })
  })

  test('that counts nothing is trusted to make what was asked for, and the record says so', async () => {
    await using server = await FakeServer.start((response, { body }) =>
      sendJson(response, 200, { text: 'word '.repeat(Number(body.max_new_tokens)) }),
    )
    const target = await connectTo(server.origin, mapped({ promptTokens: null, outputTokens: 'requested' }))
    const { records, window } = await run(target, scenarioOf({ streaming: false }))
    expect(window.countSource).toBe('requested')
    expect(records[0]).toMatchObject({ outcome: 'ok', promptTokens: null, outputTokens: 8 })
  })
})

describe('the end of a home-made stream', () => {
  test.for([
    ['[DONE]', 'requested', [{ text: 'a' }, '[DONE]'], 'ok'],
    ['finish_reason', 'requested', [{ text: 'a' }, { text: '', finish_reason: 'length' }], 'ok'],
    ['done: true', 'requested', [{ text: 'a' }, { done: true }], 'ok'],
    ['the token count', 'n', [{ text: 'a' }, { n: 8 }], 'ok'],
    ['none of them', 'requested', [{ text: 'a' }, { text: 'b' }], 'truncated'],
    ['a count where one was mapped, but it never came', 'n', [{ text: 'a' }, '[DONE]'], 'no-usage'],
    ['a count that is too low', 'n', [{ text: 'a' }, { n: 4 }], 'wrong-length'],
    ['done, but no text', 'requested', [{ text: '' }, { done: true }], 'no-text'],
    ['an error, then done', 'requested', [{ text: 'a' }, { error: 'oom' }, { done: true }], 'stream-error'],
    ['plain text instead of JSON', 'requested', ['hello', '[DONE]'], 'malformed'],
  ] as const)('%s', async ([, outputTokens, events, outcome]) => {
    await using server = await FakeServer.start((response) => {
      startStream(response)
      response.end(events.map(event).join(''))
    })
    const target = knownTarget(server.origin, mapped({ outputTokens, promptTokens: null }))
    expect(countOutcomes(await run(target, scenarioOf()))).toEqual({ [outcome]: 12 })
  })
})

describe('streams that are no server-sent events', () => {
  const line = (value: unknown): string => `${JSON.stringify(value)}\n`
  const last = { text: '', usage: { prompt_tokens: 32, completion_tokens: 8 }, done: true }

  async function outcomesOf(changes: Partial<GenerateMapping>, ...writes: readonly string[]) {
    await using server = await FakeServer.start(async (response) => {
      response.writeHead(200)
      for (const text of writes) {
        response.write(text)
        await sleep(15)
      }
      response.end()
    })
    const result = await run(knownTarget(server.origin, mapped(changes)), scenarioOf({ requests: 5 }))
    return { outcomes: countOutcomes(result), record: result.records[0] }
  }

  test.for([
    ['LF', '\n', 'ok'],
    ['CRLF', '\r\n', 'ok'],
    ['blank lines between', '\n\n', 'ok'],
    ['no line end at all', '', 'malformed'],
  ] as const)('lines of JSON, %s', async ([, ending, outcome]) => {
    const body = [{ text: 'a ' }, { text: 'b' }, last].map((value) => JSON.stringify(value)).join(ending)
    const { outcomes } = await outcomesOf({ streamFormat: 'ndjson' }, body)
    expect(outcomes).toEqual({ [outcome]: 5 })
  })

  test('each line of JSON is stamped when it came, and counted as a chunk', async () => {
    const { record } = await outcomesOf(
      { streamFormat: 'ndjson' },
      line({ text: 'a' }),
      line({ text: 'b' }) + line({ text: 'c' }),
      line(last),
    )
    expect(record).toMatchObject({ outcome: 'ok', chunks: 3, outputTokens: 8, promptTokens: 32 })
    expect((record?.lastTokenMs ?? 0) - (record?.firstTokenMs ?? 0)).toBeGreaterThan(5)
  })

  test('an error in a line of JSON, and lines that are none', async () => {
    const ndjson = { streamFormat: 'ndjson' } as const
    const [first, end] = [line({ text: 'a' }), line(last)]
    expect((await outcomesOf(ndjson, first, line({ error: 'oom' }), end)).outcomes).toEqual({ 'stream-error': 5 })
    expect((await outcomesOf(ndjson, first, 'data: x\n', end)).outcomes).toEqual({ malformed: 5 })
    expect((await outcomesOf(ndjson, first, '{"text": "b')).outcomes).toEqual({ truncated: 5 })
    expect((await outcomesOf(ndjson, first)).outcomes).toEqual({ truncated: 5 })
  })

  test('bare text: each packet is a chunk, a cut character waits for its rest', async () => {
    const text = { streamFormat: 'text', outputTokens: 'requested', promptTokens: null } as const
    await using server = await FakeServer.start(async (response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      const bytes = Buffer.from('a 日')
      for (const part of [bytes.subarray(0, 1), bytes.subarray(1, 3), bytes.subarray(3, 4), bytes.subarray(4)]) {
        response.write(part)
        await sleep(15)
      }
      response.end()
    })
    const { records } = await run(knownTarget(server.origin, mapped(text)), scenarioOf({ requests: 5 }))
    for (const record of records) expect(record).toMatchObject({ outcome: 'ok', chunks: 3, outputTokens: 8 })
  })

  test('bare text: nothing is no answer, and a broken connection is a broken answer', async () => {
    const text = { streamFormat: 'text', outputTokens: 'requested' } as const
    expect((await outcomesOf(text)).outcomes).toEqual({ 'no-text': 5 })
    await using server = await FakeServer.start((response) => {
      response.writeHead(200)
      response.write('half an ans')
      setTimeout(() => response.socket?.destroy(), 5)
    })
    const result = await run(knownTarget(server.origin, mapped(text)), scenarioOf({ requests: 5 }))
    expect(countOutcomes(result)).toEqual({ reset: 5 })
  })
})

describe('paths of a mapping', () => {
  const end = { stats: { out: 8 } }
  test.for([
    ['done', { done: 'stats.last' }, { ...end, stats: { out: 8, last: true } }, 'ok'],
    ['a finish reason', { finishReason: 'why' }, { ...end, why: 'length' }, 'ok'],
    ['a finish reason by which the server gave up', { finishReason: 'why' }, { ...end, why: 'abort' }, 'stream-error'],
    ['an error', { error: 'stats.problem' }, { stats: { out: 8, problem: 'oom' } }, 'stream-error'],
    ['no error where null is said', { error: 'stats.problem' }, { stats: { out: 8, problem: null } }, 'ok'],
    ['what would be an error, where another path is mapped', { error: 'problem' }, { ...end, error: 'none' }, 'ok'],
  ] as const)('%s', async ([, changes, final, outcome]) => {
    await using server = await FakeServer.start((response) => {
      startStream(response)
      response.end(event({ text: 'a' }) + event(final))
    })
    const api = mapped({ outputTokens: 'stats.out', promptTokens: null, ...changes })
    const result = await run(knownTarget(server.origin, api), scenarioOf({ requests: 5 }))
    expect(countOutcomes(result)).toEqual({ [outcome]: 5 })
  })
})
