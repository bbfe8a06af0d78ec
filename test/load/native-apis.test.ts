import { describe, expect, test } from 'vitest'
import { requestOneToken } from '../../src/load/index.ts'
import { FakeServer, sendJson } from './fake-server.ts'
import { answerWell, fakeApi, type WireFault } from './fakes/fake-api.ts'
import { wires } from './fakes/index.ts'
import type { Wire } from './fakes/wire.ts'
import { apiConfig, connectTo, countOutcomes, knownTarget, noAbort, run, scenarioOf } from './load-setup.ts'
import { wireBodyFaults, wireStreamFaults } from './wire-faults.ts'

const byType = wires.map((wire): [string, Wire] => [wire.type, wire])

describe.for(byType)('%s', ([, wire]) => {
  const api = apiConfig(wire.type)

  test('is found ready by one token of text', async () => {
    await using server = await FakeServer.start(fakeApi(wire))
    await requestOneToken(server.origin, api, { signal: noAbort, timeoutMs: 5000 })
  })

  test.for([true, false])('has exact lengths and true counts, streaming %s', async (streaming) => {
    await using server = await FakeServer.start(fakeApi(wire))
    const target = await connectTo(server.origin, api)
    const { records, window } = await run(target, scenarioOf({ streaming, promptTokens: 40 }))
    expect(window.warmupFailures).toEqual([])
    expect(window.countSource).toBe('usage')
    const asked = server.asked.slice(-14).map((seen) => wire.asked(seen))
    expect(new Set(asked.map(({ tokens, isStreaming }) => `${tokens} ${isStreaming}`))).toEqual(
      new Set([`8 ${streaming}`]),
    )
    expect(new Set(asked.map(({ prompt }) => JSON.stringify(prompt))).size).toBe(asked.length)
    for (const record of records) {
      expect(record).toMatchObject({ outcome: 'ok', outputTokens: 8, chunks: streaming ? 8 : 0 })
      // Without streaming, Text Generation Inference counts prompts only if it does extra work for it.
      expect(record.promptTokens).toBe(wire.type === 'tgi' && !streaming ? null : 40)
      if (streaming) expect(record.firstChunkTokens).toBe(1)
    }
  })

  test('an answer that ends early says what can be done about it, where the API cannot', async () => {
    const early: WireFault = (response, { tokens, ending }) => {
      response.writeHead(200)
      response.end(tokens(3) + ending(3, wire.reasons.natural))
    }
    await using server = await FakeServer.start(fakeApi(wire, () => early))
    const { records } = await run(knownTarget(server.origin, api), scenarioOf())
    const advice = /ask for fewer output tokens/
    expect(advice.test(records[0]?.detail ?? '')).toBe(['ollama-generate', 'ollama-chat', 'tgi'].includes(wire.type))
  })

  describe('a broken stream never counts as a success', () => {
    test.for(wireStreamFaults.filter(({ appliesTo }) => appliesTo?.(wire) ?? true))(
      '$fault is $outcome',
      async ({ answer, outcome, detail }) => {
        await using server = await FakeServer.start(fakeApi(wire, (index) => (index % 2 === 1 ? answer : null)))
        await expectHalf(server, wire, true, { outcome, detail })
      },
    )
  })

  describe('a broken body never counts as a success', () => {
    test.for(wireBodyFaults.filter(({ appliesTo }) => appliesTo?.(wire) ?? true))(
      '$fault is $outcome',
      async ({ answer, outcome, detail }) => {
        await using server = await FakeServer.start(fakeApi(wire, (index) => (index % 2 === 1 ? answer : null)))
        await expectHalf(server, wire, false, { outcome, detail })
      },
    )
  })

  test('packets that cut events and characters change nothing', async () => {
    await using server = await FakeServer.start(
      fakeApi(wire, () => async (response, answer) => {
        response.writeHead(200)
        const bytes = Buffer.from(
          answer.tokens(answer.asked.tokens, '日👍') + answer.ending(answer.asked.tokens, undefined, '日👍'),
        )
        for (let at = 0; at < bytes.length; at += 201) {
          response.write(bytes.subarray(at, at + 201))
          await new Promise((resolve) => setImmediate(resolve))
        }
        response.end()
      }),
    )
    const { records } = await run(knownTarget(server.origin, api), scenarioOf())
    for (const record of records) expect(record).toMatchObject({ outcome: 'ok', chunks: 8, outputTokens: 8 })
  })

  test('a body with CRLF in place of LF, and without its last line end, is as good', async () => {
    await using server = await FakeServer.start(
      fakeApi(wire, () => (response, answer) => {
        response.writeHead(200)
        const { tokens, ending, asked } = answer
        response.end((tokens(asked.tokens) + ending(asked.tokens)).trimEnd().replaceAll('\n', '\r\n'))
      }),
    )
    expect(countOutcomes(await run(knownTarget(server.origin, api), scenarioOf()))).toEqual({ ok: 12 })
  })
})

/** Every second request is faulty, and one at a time keeps it so within the measured part. */
async function expectHalf(
  server: FakeServer,
  wire: Wire,
  streaming: boolean,
  expected: { outcome: string; detail: RegExp },
): Promise<void> {
  const scenario = scenarioOf({ concurrency: 1, streaming })
  const result = await run(knownTarget(server.origin, apiConfig(wire.type)), scenario)
  expect(countOutcomes(result)).toEqual({ ok: 6, [expected.outcome]: 6 })
  for (const record of result.records) {
    if (record.outcome !== 'ok') expect(record.detail).toMatch(expected.detail)
  }
}

describe('what is sent', () => {
  const sent = async (
    type: Wire['type'],
    extraBody: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> => {
    const wire = wires.find((each) => each.type === type) as Wire
    await using server = await FakeServer.start(fakeApi(wire, () => answerWell))
    const api = apiConfig(type, { extraBody })
    await run(knownTarget(server.origin, api), scenarioOf({ requests: 1, concurrency: 1 }))
    return server.asked.at(-1)?.body ?? {}
  }
  const prompt = expect.any(String)

  test('llama-cpp: the length, against the end of text and the cache', async () => {
    expect(await sent('llama-cpp')).toEqual({
      prompt,
      n_predict: 8,
      ignore_eos: true,
      temperature: 0,
      cache_prompt: false,
      stream: true,
    })
  })

  test('ollama: the model, the text as it is, the length as an option', async () => {
    const options = { num_predict: 8, temperature: 0, seed: 0 }
    expect(await sent('ollama-generate')).toEqual({ model: 'fake/model', prompt, raw: true, options, stream: true })
    const messages = [{ role: 'user', content: prompt }]
    expect(await sent('ollama-chat')).toEqual({ model: 'fake/model', messages, options, stream: true })
  })

  test('tgi: the details, and nothing that costs the server time', async () => {
    const parameters = { max_new_tokens: 8, do_sample: false, details: true }
    expect(await sent('tgi')).toEqual({ inputs: prompt, parameters })
  })

  test('sglang: text or ids, the length, against the end of text', async () => {
    const sampling_params = { max_new_tokens: 8, ignore_eos: true, temperature: 0 }
    expect(await sent('sglang')).toEqual({ text: prompt, sampling_params, stream: true })
  })

  test('extra-body is merged, one level deep, and null takes a key away', async () => {
    const body = await sent('ollama-chat', { options: { num_ctx: 8192, seed: null }, keep_alive: -1, stream: true })
    expect(body).toMatchObject({ options: { num_predict: 8, num_ctx: 8192, temperature: 0 }, keep_alive: -1 })
    expect(body.options).not.toHaveProperty('seed')
    expect(await sent('llama-cpp', { cache_prompt: null })).not.toHaveProperty('cache_prompt')
  })
})

describe('what is found in an answer', () => {
  const wireOf = (type: Wire['type']): Wire => wires.find((wire) => wire.type === type) as Wire

  /** The record of one streamed answer of two tokens, made of these events. */
  async function recordOf(type: Wire['type'], ...events: readonly unknown[]) {
    const wire = wireOf(type)
    await using server = await FakeServer.start(
      fakeApi(wire, () => (response) => void response.end(events.map(wire.frame).join(''))),
    )
    const { records } = await run(
      knownTarget(server.origin, apiConfig(type)),
      scenarioOf({ outputTokens: 2, requests: 1, concurrency: 1 }),
    )
    return records[0]
  }

  const llamaEnd = { content: '', stop: true, stop_type: 'limit', tokens_predicted: 2, tokens_evaluated: 100 }

  test.for([
    ['as it says', { cache_n: 40, prompt_n: 60 }, 40],
    ['as older builds let us reckon', { prompt_n: 60 }, 40],
    ['none', { cache_n: 0, prompt_n: 100 }, 0],
    ['unknown without timings', undefined, null],
  ] as const)('llama-cpp: cached tokens, %s', async ([, timings, cachedTokens]) => {
    const record = await recordOf('llama-cpp', { content: 'a', stop: false }, { ...llamaEnd, timings })
    expect(record).toMatchObject({ outcome: 'ok', promptTokens: 100, outputTokens: 2, cachedTokens })
  })

  test('llama-cpp: a first event of several tokens', async () => {
    const record = await recordOf('llama-cpp', { content: 'é', stop: false, tokens_predicted: 2 }, llamaEnd)
    expect(record).toMatchObject({ outcome: 'ok', firstChunkTokens: 2, chunks: 1 })
  })

  test('sglang: cached tokens; text that is streamed piece by piece; tokens that are no character yet', async () => {
    const event = (text: string, tokens: number, type?: string) => ({
      text,
      meta_info: {
        prompt_tokens: 50,
        completion_tokens: tokens,
        cached_tokens: 32,
        finish_reason: type ? { type } : null,
      },
    })
    const cumulative = [event('a', 1), event('ab', 2), event('ab', 2, 'length'), '[DONE]']
    expect(await recordOf('sglang', ...cumulative)).toMatchObject({ outcome: 'ok', chunks: 2, cachedTokens: 32 })
    const pieces = [event('a', 1), event('a', 2), event('', 2, 'length'), '[DONE]']
    expect(await recordOf('sglang', ...pieces)).toMatchObject({ outcome: 'ok', chunks: 2, outputTokens: 2 })
    const held = [event('', 1), event('日', 2, 'length'), '[DONE]']
    expect(await recordOf('sglang', ...held)).toMatchObject({ outcome: 'ok', chunks: 1, firstChunkTokens: 2 })
  })

  test('ollama: reasoning is text', async () => {
    const end = { done: true, done_reason: 'length', eval_count: 2, prompt_eval_count: 9 }
    const thinking = { message: { role: 'assistant', content: '', thinking: 'hm' }, done: false }
    expect(await recordOf('ollama-chat', thinking, end)).toMatchObject({ outcome: 'ok', chunks: 1, promptTokens: 9 })
    const generated = { response: '', thinking: 'hm', done: false }
    expect(await recordOf('ollama-generate', generated, end)).toMatchObject({ outcome: 'ok', chunks: 1 })
  })

  test('tgi: the special token at the end is no text', async () => {
    const special = {
      token: { text: '</s>', special: true },
      details: { finish_reason: 'length', generated_tokens: 2 },
    }
    expect(await recordOf('tgi', special)).toMatchObject({ outcome: 'no-text' })
    const word = { token: { text: 'a', special: false }, details: null }
    expect(await recordOf('tgi', word, special)).toMatchObject({ outcome: 'ok', chunks: 1, promptTokens: null })
  })
})

describe('the model', () => {
  test.for(['ollama-generate', 'ollama-chat'] as const)('%s: the first that is installed', async (type) => {
    await using server = await FakeServer.start(fakeApi(wires.find((wire) => wire.type === type) as Wire))
    expect((await connectTo(server.origin, apiConfig(type))).model).toBe('fake:1b')
    expect((await connectTo(server.origin, apiConfig(type, { model: 'mine' }))).model).toBe('mine')
  })

  test('none installed is an error that says where it was looked for', async () => {
    await using server = await FakeServer.start((response) => sendJson(response, 200, { models: [] }))
    await expect(connectTo(server.origin, apiConfig('ollama-chat'))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('GET /api/tags'),
      hint: expect.stringContaining('api.model'),
    })
  })

  test.for(['llama-cpp', 'tgi', 'sglang'] as const)('%s: is not named', async (type) => {
    await using server = await FakeServer.start(fakeApi(wires.find((wire) => wire.type === type) as Wire))
    expect((await connectTo(server.origin, apiConfig(type))).model).toBeNull()
    expect(server.asked.every(({ body }) => !Object.hasOwn(body, 'model'))).toBe(true)
  })
})
