import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { RequestRecord } from '../../src/model/request.ts'
import { type Fault, fakeOpenAi } from './fake-openai.ts'
import { event, FakeServer, startStream } from './fake-server.ts'
import { apiConfig, countOutcomes, knownTarget, run, scenarioOf } from './load-setup.ts'

/** One streamed chat answer as the recording has it. A busy machine eats some of the 60 ms below; a wrong time would be 0. */
async function recordOf(answer: Fault, outputTokens = 4): Promise<RequestRecord> {
  await using server = await FakeServer.start(fakeOpenAi({ fault: () => answer }))
  const scenario = scenarioOf({ concurrency: 1, requests: 1, outputTokens })
  const result = await run(knownTarget(server.origin, apiConfig('openai-chat')), scenario)
  expect(countOutcomes(result)).toEqual({ ok: 1 })
  return result.records[0] as RequestRecord
}

const between = (from: number | null, to: number | null): number => (to ?? Number.NaN) - (from ?? Number.NaN)

function delta(content: Record<string, unknown>, finishReason: string | null = null): string {
  return event({ choices: [{ index: 0, delta: content, finish_reason: finishReason }] })
}

describe('first and last token', () => {
  test('a role-only chunk, a null content and pings are not tokens', async () => {
    const record = await recordOf(async (response, pieces) => {
      startStream(response)
      response.write(delta({ role: 'assistant', content: '' }))
      response.write(delta({ role: 'assistant', content: null }))
      response.write(': ping\n\n')
      await sleep(60)
      for (let token = 0; token < 4; token += 1) response.write(delta({ content: 'x' }))
      response.write(delta({}, 'length'))
      response.write(event({ choices: [], usage: pieces.usage }))
      response.end(event('[DONE]'))
    })
    expect(between(record.firstByteMs, record.firstTokenMs)).toBeGreaterThan(20)
    expect(record.chunks).toBe(4)
  })

  test.for(['reasoning_content', 'reasoning'])('%s counts as the first token', async (field) => {
    const record = await recordOf(async (response, pieces) => {
      startStream(response)
      response.write(delta({ [field]: 'hm' }))
      await sleep(60)
      for (let token = 0; token < 3; token += 1) response.write(delta({ content: 'x' }))
      response.write(delta({}, 'length'))
      response.write(event({ choices: [], usage: pieces.usage }))
      response.end(event('[DONE]'))
    })
    expect(between(record.firstTokenMs, record.lastTokenMs)).toBeGreaterThan(20)
  })

  test('the end is the last content: late usage, [DONE] and a slow close do not count', async () => {
    const record = await recordOf(async (response, pieces) => {
      startStream(response)
      // One write, so that all of the content has one stamp.
      response.write(delta({ content: 'x' }).repeat(4) + delta({}, 'length'))
      await sleep(30)
      response.write(event({ choices: [], usage: pieces.usage }))
      await sleep(30)
      response.end(event('[DONE]'))
    })
    expect(record.endMs).toBe(record.firstTokenMs)
    expect(record.endMs).toBe(record.lastTokenMs)
  })

  test('a finish reason after the last text is the end: the last tokens may have been half a character', async () => {
    const record = await recordOf(async (response, pieces) => {
      startStream(response)
      response.write(delta({ content: 'x' }))
      await sleep(60)
      response.write(delta({ content: '' }, 'length'))
      response.write(event({ choices: [], usage: pieces.usage }))
      response.end(event('[DONE]'))
    })
    expect(between(record.lastTokenMs, record.endMs)).toBeGreaterThan(20)
  })
})

describe('chunks and tokens', () => {
  test('tokens come from usage, however few chunks hold them', async () => {
    const record = await recordOf((response, pieces) => {
      startStream(response)
      response.write(delta({ content: 'several tokens ' }) + delta({ content: 'of text' }) + delta({}, 'length'))
      response.write(event({ choices: [], usage: pieces.usage }))
      response.end(event('[DONE]'))
    }, 9)
    expect(record).toMatchObject({ outputTokens: 9, chunks: 2, firstChunkTokens: 1 })
  })

  test('usage in the first chunk tells how many tokens it holds', async () => {
    const record = await recordOf((response) => {
      startStream(response)
      const say = (content: string, tokens: number, finish: string | null): string =>
        event({
          choices: [{ index: 0, delta: { content }, finish_reason: finish }],
          usage: { prompt_tokens: 32, completion_tokens: tokens },
        })
      response.write(say('abc', 3, null))
      response.write(say('d', 4, 'length'))
      response.end(event('[DONE]'))
    })
    expect(record).toMatchObject({ outputTokens: 4, chunks: 2, firstChunkTokens: 3 })
  })

  test('usage in the last chunk with choices is found, and so are cached tokens of both kinds', async () => {
    const ends = [
      { usage: { prompt_tokens: 32, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 16 } } },
      { usage: { prompt_tokens: 32, completion_tokens: 4 }, timings: { cache_n: 16 } },
    ]
    for (const end of ends) {
      const record = await recordOf((response) => {
        startStream(response)
        response.write(delta({ content: 'x' }))
        response.write(event({ choices: [{ index: 0, delta: {}, finish_reason: 'length' }], ...end }))
        response.end(event('[DONE]'))
      })
      expect(record).toMatchObject({ promptTokens: 32, outputTokens: 4, cachedTokens: 16 })
    }
  })

  test('CRLF, many events a packet and packets that cut characters change nothing', async () => {
    const record = await recordOf(async (response, pieces) => {
      startStream(response)
      const whole = [
        delta({ role: 'assistant', content: '' }),
        delta({ content: '日本' }),
        delta({ content: '👍' }),
        delta({}, 'length'),
        event({ choices: [], usage: pieces.usage }),
        event('[DONE]'),
      ]
      const bytes = Buffer.from(whole.join('').replaceAll('\n', '\r\n'))
      for (let at = 0; at < bytes.length; at += 37) {
        response.write(bytes.subarray(at, at + 37))
        await sleep(1)
      }
      response.end()
    })
    expect(record).toMatchObject({ chunks: 2, outputTokens: 4, outcome: 'ok' })
  })

  test('a body without streaming has an end, and no token times', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const scenario = scenarioOf({ streaming: false })
    const { records } = await run(knownTarget(server.origin, apiConfig('openai-chat')), scenario)
    for (const record of records) {
      expect(record).toMatchObject({
        firstTokenMs: null,
        lastTokenMs: null,
        firstChunkTokens: null,
        chunks: 0,
        outcome: 'ok',
      })
      expect(between(record.sentMs, record.endMs)).toBeGreaterThan(0)
    }
  })
})
