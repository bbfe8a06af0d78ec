import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { fakeOpenAi } from '../fake-openai.ts'
import { type Answer, FakeServer } from '../fake-server.ts'
import { apiConfig, countOutcomes, knownTarget, run, scenarioOf } from '../load-setup.ts'

const api = apiConfig('openai-completions')

/** Longer than any pause of a client that has something to send. */
const idleMs = 400

/**
 * Answers one request only while exactly `concurrency` of them wait: a client that keeps fewer in flight comes to a stop
 * there, and one that keeps more is seen in `most`. What waits in the end, when nothing comes any more, is answered.
 */
function barrier(concurrency: number): { answer: Answer; most(): number; stops(): number } {
  const healthy = fakeOpenAi()
  const waiting: (() => void)[] = []
  let most = 0
  let stops = 0
  let idle: NodeJS.Timeout | undefined
  const answer: Answer = async (response, seen, index) => {
    const released = new Promise<void>((resolve) => waiting.push(resolve))
    most = Math.max(most, waiting.length)
    if (waiting.length === concurrency) waiting.shift()?.()
    clearTimeout(idle)
    idle = setTimeout(() => {
      stops += 1
      for (const release of waiting.splice(0)) release()
    }, idleMs)
    await released
    await healthy(response, seen, index)
  }
  return { answer, most: () => most, stops: () => stops }
}

describe('a closed loop', () => {
  test.for([2, 4, 16])('keeps exactly %i requests in flight, from the warm-up to the last', async (concurrency) => {
    const requests = 4 * concurrency
    const { answer, most, stops } = barrier(concurrency)
    await using server = await FakeServer.start(answer)
    const result = await run(knownTarget(server.origin, api), scenarioOf({ concurrency, requests }))
    expect(countOutcomes(result)).toEqual({ ok: requests })
    expect(most()).toBe(concurrency)
    expect(stops()).toBe(1)
    expect(result.window.peakInFlight).toBe(concurrency)
  })

  test.for([1, 2, 5])(
    'at concurrency %i sends the warm-up and the measured requests, not one more',
    async (concurrency) => {
      await using server = await FakeServer.start(fakeOpenAi({ delayMs: 5 }))
      const { records, window } = await run(knownTarget(server.origin, api), scenarioOf({ concurrency, requests: 15 }))
      expect(server.asked).toHaveLength(window.warmupRequests + 15)
      expect(records.map((record) => record.index).toSorted((a, b) => a - b)).toEqual([...Array(15).keys()])
      expect(window.warmupRequests).toBeGreaterThanOrEqual(2 * concurrency)
      expect(window.warmupRequests).toBeLessThanOrEqual(3 * Math.max(2, concurrency))
    },
  )

  test('reuses its connections', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    await run(knownTarget(server.origin, api), scenarioOf({ concurrency: 3, requests: 30 }))
    expect(new Set(server.asked.map((seen) => seen.socket)).size).toBe(3)
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

test('an error of our own ends every stream and leaves no socket', async () => {
  await using server = await FakeServer.start(fakeOpenAi({ delayMs: 5 }))
  const onProgress = (done: number): void => {
    if (done === 3) throw new Error('the log is full')
  }
  const scenario = scenarioOf({ concurrency: 3, minSeconds: 3600 })
  await expect(run(knownTarget(server.origin, api), scenario, { onProgress })).rejects.toThrow('the log is full')
  for (let tries = 0; server.openSockets > 0 && tries < 500; tries += 1) await sleep(10)
  expect(server.openSockets).toBe(0)
  await sleep(50)
  expect(server.asked.length).toBeLessThan(100)
})

describe('a closed loop with think time', () => {
  test('leaves each stream at rest between an answer and its next request', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const { records } = await run(
      knownTarget(server.origin, api),
      scenarioOf({ concurrency: 1, requests: 5, thinkTimeMs: 40 }),
    )
    const inOrder = records.toSorted((a, b) => a.index - b.index)
    for (const [index, { sentMs }] of inOrder.slice(1).entries()) {
      // A timer may fire a millisecond early.
      expect((sentMs ?? 0) - (inOrder[index]?.endMs ?? 0)).toBeGreaterThan(38)
    }
  })

  test('counts no pause as latency', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const result = await run(knownTarget(server.origin, api), scenarioOf({ requests: 6, thinkTimeMs: 300 }))
    for (const { scheduledMs, endMs } of result.records) expect((endMs ?? 0) - scheduledMs).toBeLessThan(250)
    for (const { scheduledMs, sentMs } of result.records) expect((sentMs ?? 0) - scheduledMs).toBeLessThan(250)
  })

  test('ends at once when it is stopped in a pause', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const abort = new AbortController()
    const scenario = scenarioOf({ requests: 50, thinkTimeMs: 3_600_000 })
    setTimeout(() => abort.abort(), 100)
    const result = await run(knownTarget(server.origin, api), scenario, { signal: abort.signal })
    expect(result.records).toEqual([])
    expect(server.asked).toHaveLength(2)
  })
})

describe('a closed loop with a ramp', () => {
  test('lets its streams join one after the other, and measures when all are there', async () => {
    await using server = await FakeServer.start(fakeOpenAi({ delayMs: 5 }))
    const scenario = scenarioOf({ concurrency: 4, requests: 12, rampSeconds: 0.8 })
    const { records, window } = await run(knownTarget(server.origin, api), scenario)
    const firsts = [...Map.groupBy(server.asked, (seen) => seen.socket).values()].map((seen) => seen[0]?.startedMs ?? 0)
    expect(firsts).toHaveLength(4)
    const joined = firsts.toSorted((a, b) => a - b).map((ms) => ms - Math.min(...firsts))
    // Due at 0, 200, 400 and 600 ms; the server's clock is not ours, so only what a ramp is about.
    for (const [index, ms] of joined.entries()) expect(ms).toBeGreaterThan(200 * index - 100)
    expect(countOutcomes({ records, window })).toEqual({ ok: 12 })
    expect(window.warmupMs).toBeGreaterThan(790)
    expect(window.warmupRequests).toBeGreaterThan(8)
  })
})

describe('a closed loop with a least time', () => {
  test('goes on past its requests until the time has passed', async () => {
    await using server = await FakeServer.start(fakeOpenAi({ delayMs: 10 }))
    const scenario = scenarioOf({ concurrency: 2, requests: 5, minSeconds: 0.5 })
    const { records, window } = await run(knownTarget(server.origin, api), scenario)
    expect(window.endMs - window.startMs).toBeGreaterThan(475)
    expect(records.length).toBeGreaterThan(5)
    expect(records.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([...Array(records.length).keys()])
  })

  test('goes on past its time until the requests are sent', async () => {
    await using server = await FakeServer.start(fakeOpenAi({ delayMs: 10 }))
    const { records } = await run(knownTarget(server.origin, api), scenarioOf({ requests: 30, minSeconds: 0.001 }))
    expect(records.length).toBeGreaterThanOrEqual(30)
  })
})

describe('the measured window', () => {
  test('has a steady part, from the end of the warm-up to the last sending', async () => {
    // The last warm-up request of the other stream is still under way when measuring begins.
    await using server = await FakeServer.start(fakeOpenAi({ delayMs: 30 }))
    const { records, window } = await run(knownTarget(server.origin, api), scenarioOf({ concurrency: 3, requests: 30 }))
    const sent = records.map(({ sentMs }) => sentMs ?? Number.NaN)
    expect(window.steadyEndMs).toBe(Math.max(...sent))
    expect(window.steadyStartMs).toBeGreaterThanOrEqual(window.startMs)
    // All three streams have begun to measure by then, and none of them twice.
    expect(sent.filter((ms) => ms <= window.steadyStartMs + 5).length).toBeLessThanOrEqual(6)
    expect(window.steadyEndMs).toBeLessThan(window.endMs)
  })

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
    expect(prompts(server).length).toBeGreaterThanOrEqual(60)
    expect(new Set(prompts(server)).size).toBe(prompts(server).length)
    for (const [index, prompt] of prompts(server).slice(1).entries()) {
      expect(prompt.split(' ')[1]).not.toBe(prompts(server)[index]?.split(' ')[1])
    }
  })

  test('the same seed and scenario give the same measured prompts, however long the warm-up was', async () => {
    const measured = async (name: string, seed: number, warmupDelaysMs: readonly number[]): Promise<string[]> => {
      const healthy = fakeOpenAi()
      await using server = await FakeServer.start(async (response, seen, index) => {
        await sleep(warmupDelaysMs[index] ?? 1)
        await healthy(response, seen, index)
      })
      const scenario = scenarioOf({ name, concurrency: 1 })
      const { window } = await run(knownTarget(server.origin, api), scenario, { seed })
      if (warmupDelaysMs.length > 0) expect(window.warmupRequests).toBeGreaterThan(2)
      return prompts(server).slice(-scenario.requests)
    }
    const once = await measured('cell', 1, [])
    expect(await measured('cell', 1, [400, 200])).toEqual(once)
    expect((await measured('cell', 2, [])).filter((prompt) => once.includes(prompt))).toEqual([])
    expect((await measured('other', 1, [])).filter((prompt) => once.includes(prompt))).toEqual([])
  })
})
