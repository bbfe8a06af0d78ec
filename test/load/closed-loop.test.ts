import { describe, expect, test } from 'vitest'
import { fakeOpenAi } from './fake-openai.ts'
import { type Answer, FakeServer } from './fake-server.ts'
import { apiConfig, countOutcomes, knownTarget, run, scenarioOf } from './load-setup.ts'

const api = apiConfig('openai-completions')

/**
 * Answers one request only while exactly `concurrency` of them wait, until `total` have come: a client that keeps fewer
 * in flight waits for ever, and one that keeps more is seen in `most`.
 */
function barrier(concurrency: number, total: number): { answer: Answer; most(): number } {
  const healthy = fakeOpenAi()
  const waiting: (() => void)[] = []
  let arrived = 0
  let most = 0
  const answer: Answer = async (response, seen, index) => {
    arrived += 1
    const released = new Promise<void>((resolve) => waiting.push(resolve))
    most = Math.max(most, waiting.length)
    if (arrived === total) for (const release of waiting.splice(0)) release()
    else if (waiting.length === concurrency) waiting.shift()?.()
    await released
    await healthy(response, seen, index)
  }
  return { answer, most: () => most }
}

describe('a closed loop', () => {
  test.for([1, 2, 4, 16])('keeps exactly %i requests in flight, from the warm-up to the last', async (concurrency) => {
    const requests = 4 * concurrency
    const { answer, most } = barrier(concurrency, Math.max(2, concurrency) + requests)
    await using server = await FakeServer.start(answer)
    const result = await run(knownTarget(server.origin, api), scenarioOf({ concurrency, requests }))
    expect(countOutcomes(result)).toEqual({ ok: requests })
    expect(most()).toBe(concurrency)
  })

  test.for([
    [1, 2],
    [2, 2],
    [5, 5],
  ] as const)(
    'at concurrency %i sends %i warm-up requests and then the measured ones, not one more',
    async ([concurrency, warmups]) => {
      await using server = await FakeServer.start(fakeOpenAi())
      const result = await run(knownTarget(server.origin, api), scenarioOf({ concurrency, requests: 15 }))
      expect(server.asked).toHaveLength(warmups + 15)
      expect(result.records.map((record) => record.index).toSorted((a, b) => a - b)).toEqual([...Array(15).keys()])
      expect(result.window.warmupRequests).toBe(warmups)
    },
  )

  test('reuses its connections', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    await run(knownTarget(server.origin, api), scenarioOf({ concurrency: 3, requests: 30 }))
    expect(new Set(server.asked.map((seen) => seen.socket)).size).toBe(3)
  })

  test('a scenario with fewer requests than connections opens no more than it needs', async () => {
    await using server = await FakeServer.start(fakeOpenAi({ delayMs: 10 }))
    const result = await run(knownTarget(server.origin, api), scenarioOf({ concurrency: 8, requests: 1 }))
    expect(result.records).toHaveLength(1)
    expect(server.asked).toHaveLength(9)
  })

  test('asks for exact lengths without compression, and lets extra-body add, change and take away keys', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const extraBody = { top_k: 1, temperature: 0.5, min_tokens: null }
    await run(knownTarget(server.origin, { ...api, extraBody }), scenarioOf({ outputTokens: 7 }))
    expect(server.asked[0]?.body).toMatchObject({
      model: 'fake/model',
      max_tokens: 7,
      ignore_eos: true,
      stream: true,
      stream_options: { include_usage: true },
      top_k: 1,
      temperature: 0.5,
    })
    expect(server.asked[0]?.body).not.toHaveProperty('min_tokens')
    expect(server.asked[0]?.body).not.toHaveProperty('cache_prompt')
  })

  test('tells how far it has come', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const seen: string[] = []
    const onProgress = (done: number, total: number): void => void seen.push(`${done}/${total}`)
    await run(knownTarget(server.origin, api), scenarioOf({ requests: 4 }), { onProgress })
    expect(seen).toEqual(['1/4', '2/4', '3/4', '4/4'])
  })
})

describe('the measured window', () => {
  test('starts with the first measured request and ends with the last, and warm-up lies before it', async () => {
    await using server = await FakeServer.start(fakeOpenAi({ delayMs: 10 }))
    const { records, window } = await run(knownTarget(server.origin, api), scenarioOf({ concurrency: 3 }))
    expect(window.startMs).toBe(Math.min(...records.map((record) => record.sentMs ?? Number.NaN)))
    expect(window.endMs).toBe(Math.max(...records.map((record) => record.endMs ?? Number.NaN)))
    // At least one whole round of the fake's own delay; timers may be a millisecond early.
    expect(window.warmupMs).toBeGreaterThan(8)
    expect(window.startMs).toBeGreaterThanOrEqual(window.warmupMs)
    expect(window).toMatchObject({ scenario: 'cell', countSource: 'usage', promptSource: 'words' })
  })

  test('records are in the order of completion and their times in the order of events', async () => {
    let index = 0
    await using server = await FakeServer.start(async (response, seen) => {
      index += 1
      await fakeOpenAi({ delayMs: (index * 7) % 20 })(response, seen, 0)
    })
    const { records } = await run(knownTarget(server.origin, api), scenarioOf({ concurrency: 4, requests: 40 }))
    const ends = records.map((record) => record.endMs ?? Number.NaN)
    expect(ends).toEqual(ends.toSorted((a, b) => a - b))
    expect(records.map((record) => record.index)).not.toEqual([...Array(40).keys()])
    for (const { scheduledMs, sentMs, firstByteMs, firstTokenMs, lastTokenMs, endMs } of records) {
      const times = [scheduledMs, sentMs, firstByteMs, firstTokenMs, lastTokenMs, endMs].map(
        (time) => time ?? Number.NaN,
      )
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(times.every(Number.isFinite)).toBe(true)
    }
  })

  test('a blocked event loop of ours is seen', async () => {
    await using server = await FakeServer.start(fakeOpenAi({ delayMs: 2 }))
    const target = knownTarget(server.origin, api)
    const block = (): void => {
      const end = performance.now() + 60
      while (performance.now() < end);
    }
    const blocked = await run(target, scenarioOf({ requests: 10 }), { onProgress: block })
    expect(blocked.window.eventLoopDelayP99Ms).toBeGreaterThan(40)
  })
})

describe('prompts', () => {
  const prompts = (server: FakeServer): string[] => server.asked.map((seen) => String(seen.body.prompt))

  test('every request has its own prompt, warm-up included, different from the first word on', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    await run(knownTarget(server.origin, api), scenarioOf({ concurrency: 1, requests: 58 }))
    expect(new Set(prompts(server)).size).toBe(60)
    for (const [index, prompt] of prompts(server).slice(1).entries()) {
      expect(prompt.split(' ')[1]).not.toBe(prompts(server)[index]?.split(' ')[1])
    }
  })

  test('the same seed and scenario give the same prompts in any trial; another seed or scenario gives others', async () => {
    const sent = async (scenario: string, seed: number, trial: string): Promise<string[]> => {
      await using server = await FakeServer.start(fakeOpenAi())
      await run(knownTarget(server.origin, api), scenarioOf({ name: scenario }), { seed, trial })
      return prompts(server).toSorted()
    }
    const once = await sent('cell', 1, 'b1')
    expect(await sent('cell', 1, 'h7')).toEqual(once)
    expect((await sent('cell', 2, 'b1')).filter((prompt) => once.includes(prompt))).toEqual([])
    expect((await sent('other', 1, 'b1')).filter((prompt) => once.includes(prompt))).toEqual([])
  })
})
