import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { makeSchedule } from '../../../src/load/loop/schedule.ts'
import { randomFrom } from '../../../src/load/prompts/random.ts'
import { supportedPercentile } from '../../../src/metrics/summarise.ts'
import type { RequestRecord } from '../../../src/model/request.ts'
import type { Scenario } from '../../../src/model/scenario.ts'
import { fakeOpenAi } from '../fake-openai.ts'
import { type Answer, FakeServer } from '../fake-server.ts'
import { apiConfig, countOutcomes, knownTarget, run, scenarioOf } from '../load-setup.ts'

const api = apiConfig('openai-completions')

function open(changes: Partial<Scenario> = {}, requestsPerSecond = 100): Scenario {
  const arrivals = { requestsPerSecond, burstiness: 1 }
  return scenarioOf({ concurrency: null, arrivals, requests: 40, ...changes })
}

const inOrder = (records: readonly RequestRecord[]) => records.toSorted((a, b) => a.index - b.index)

/** Waits for something that is only a matter of time; fails instead of hanging. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (isTrue()) return
    await sleep(10)
  }
  throw new Error('It did not come true within 5 s.')
}

/** An answer that never ends by itself. */
const silent: Answer = () => new Promise(() => {})

describe('an open loop', () => {
  test('has its requests due by the schedule of its seed and name, exactly', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const scenario = open()
    const { records, window } = await run(knownTarget(server.origin, api), scenario, { seed: 7 })
    expect(countOutcomes({ records, window })).toEqual({ ok: 40 })
    const random = randomFrom('7/cell/arrivals/measured')
    const schedule = makeSchedule({ requestsPerSecond: 100, burstiness: 1 }, 40, random)
    for (const { index, scheduledMs } of records) {
      expect(scheduledMs - window.startMs).toBeCloseTo(schedule[index] ?? Number.NaN, 6)
    }
  })

  test('sends none before it is due, each once', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const { records, window } = await run(knownTarget(server.origin, api), open())
    for (const { scheduledMs, sentMs } of records) expect(sentMs).toBeGreaterThanOrEqual(scheduledMs)
    expect(server.asked).toHaveLength(window.warmupRequests + 40)
  })

  test('sends in the order of the schedule where one connection carries them all', async () => {
    // With several, one that must be opened first may be passed by the next request on one that is free.
    await using server = await FakeServer.start(fakeOpenAi())
    const { records } = await run(knownTarget(server.origin, api), open({ concurrency: 1 }))
    const sent = inOrder(records).map(({ sentMs }) => sentMs ?? Number.NaN)
    expect(sent).toHaveLength(40)
    for (const [index, ms] of sent.slice(1).entries()) expect(ms).toBeGreaterThan(sent[index] ?? Number.NaN)
  })

  test('the server sees them come at the times of the schedule', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const zeroMs = performance.now()
    const { records } = await run(knownTarget(server.origin, api), open({}, 50), {
      nowMs: () => performance.now() - zeroMs,
    })
    const arrived = server.asked.slice(-40).map((seen) => seen.startedMs - zeroMs)
    const late = inOrder(records).map(({ scheduledMs }, index) => (arrived[index] ?? Number.NaN) - scheduledMs)
    expect(Math.min(...late)).toBeGreaterThan(0)
    // The median, and generously: both ends run in this process, on a machine with other work.
    expect(late.toSorted((a, b) => a - b)[20]).toBeLessThan(50)
  })

  test('does not wait for answers: as many are in flight as come while one is answered', async () => {
    await using server = await FakeServer.start(fakeOpenAi({ delayMs: 400 }))
    const { records, window } = await run(knownTarget(server.origin, api), open({ requests: 60 }, 50))
    expect(countOutcomes({ records, window })).toEqual({ ok: 60 })
    // Little's law: 50/s x 0.4 s = 20, give or take what chance and a busy machine do.
    expect(window.peakInFlight).toBeGreaterThan(12)
    expect(window.peakInFlight).toBeLessThan(60)
    expect(window.queuedRequests).toBe(0)
  })

  test('uses a free connection before it opens a new one', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const { window } = await run(knownTarget(server.origin, api), open({ requests: 60 }, 100))
    const sockets = new Set(server.asked.map((seen) => seen.socket)).size
    expect(sockets).toBeLessThanOrEqual(window.peakInFlight)
    expect(sockets).toBeLessThan(server.asked.length)
  })

  test('constant arrivals have equal gaps', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const arrivals = { requestsPerSecond: 200, burstiness: null }
    const { records, window } = await run(knownTarget(server.origin, api), open({ arrivals }))
    for (const { index, scheduledMs } of records) expect(scheduledMs - window.startMs).toBeCloseTo(5 * (index + 1), 6)
  })

  test('with a least time sends all that are due until then', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const { records, window } = await run(knownTarget(server.origin, api), open({ requests: 5, minSeconds: 0.5 }))
    expect(records).toHaveLength(50)
    expect(Math.max(...records.map(({ scheduledMs }) => scheduledMs)) - window.startMs).toBeCloseTo(500, 6)
  })

  test('a ramp comes before anything is measured', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const { window } = await run(knownTarget(server.origin, api), open({ rampSeconds: 1 }))
    expect(window.warmupMs).toBeGreaterThan(990)
    // Half of 100/s x 1 s, and the warm-up after it.
    expect(window.warmupRequests).toBeGreaterThan(30)
  })
})

describe('the limit of an open loop', () => {
  /** Counts how many requests it is answering at once. */
  function counting(delayMs: number): { answer: Answer; most(): number } {
    const healthy = fakeOpenAi({ delayMs })
    let now = 0
    let most = 0
    const answer: Answer = async (response, seen, index) => {
      now += 1
      most = Math.max(most, now)
      await healthy(response, seen, index)
      now -= 1
    }
    return { answer, most: () => most }
  }

  test('is never passed; what finds it reached waits, first come first served, and the wait counts', async () => {
    // Three at a time of 60 ms each: 50/s at the most, asked for 100/s.
    const { answer, most } = counting(60)
    await using server = await FakeServer.start(answer)
    const { records, window } = await run(knownTarget(server.origin, api), open({ concurrency: 3 }))
    expect(countOutcomes({ records, window })).toEqual({ ok: 40 })
    expect(most()).toBe(3)
    expect(window.peakInFlight).toBe(3)
    expect(window.queuedRequests).toBeGreaterThan(20)
    const waits = inOrder(records).map(({ scheduledMs, sentMs }) => (sentMs ?? Number.NaN) - scheduledMs)
    // 40 requests are due within 400 ms and need 800 ms.
    expect(waits.at(-1)).toBeGreaterThan(200)
    const sent = inOrder(records).map(({ sentMs }) => sentMs ?? Number.NaN)
    for (const [index, ms] of sent.slice(1).entries()) expect(ms).toBeGreaterThan((sent[index] ?? 0) - 5)
  })

  test('keeps the load steady until the last request is sent, however late that is', async () => {
    await using server = await FakeServer.start(fakeOpenAi({ delayMs: 60 }))
    const { records, window } = await run(knownTarget(server.origin, api), open({ concurrency: 3 }))
    expect(window.steadyEndMs).toBe(Math.max(...records.map(({ sentMs }) => sentMs ?? Number.NaN)))
    // The schedule of 40 requests at 100/s ends after 400 ms.
    expect(window.steadyEndMs - window.startMs).toBeGreaterThan(450)
    expect(window.steadyStartMs).toBeGreaterThan(window.startMs)
  })

  test('waiting for it is not taken for a lag of our own', async () => {
    await using server = await FakeServer.start(fakeOpenAi({ delayMs: 60 }))
    const { records, window } = await run(knownTarget(server.origin, api), open({ concurrency: 3 }))
    const percentile = supportedPercentile(40) ?? 0
    const waits = records.map(({ scheduledMs, sentMs }) => (sentMs ?? 0) - scheduledMs).toSorted((a, b) => a - b)
    expect(window.clientLagTailMs).toBeLessThan(0.5 * (waits[Math.ceil((percentile / 100) * 40) - 1] ?? 0))
  })

  test('at one in flight keeps the connection', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    await run(knownTarget(server.origin, api), open({ concurrency: 1 }))
    expect(new Set(server.asked.map((seen) => seen.socket)).size).toBe(1)
  })
})

describe('an open loop that goes wrong', () => {
  test('failed requests are records, and do not hold up the others', async () => {
    const healthy = fakeOpenAi()
    await using server = await FakeServer.start((response, seen, index) =>
      index % 3 === 2 ? void response.destroy() : healthy(response, seen, index),
    )
    const { records } = await run(knownTarget(server.origin, api), open())
    expect(records).toHaveLength(40)
    expect(records.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(20)
    expect(records.filter(({ outcome }) => outcome === 'ok').length).toBeLessThan(30)
  })

  test('nobody listens: every request is recorded as a connect-error', async () => {
    const gone = await FakeServer.start(silent)
    const { origin } = gone
    await gone[Symbol.asyncDispose]()
    const result = await run(knownTarget(origin, api), open({ requests: 10 }))
    expect(countOutcomes(result)).toEqual({ 'connect-error': 10 })
    expect(result.window.warmupFailures).not.toEqual([])
  })

  test('an abort ends requests in flight as aborted, sends nothing more, and leaves no socket', async () => {
    const healthy = fakeOpenAi()
    const abort = new AbortController()
    await using server = await FakeServer.start((response, seen, index) => {
      if (index === 160) abort.abort()
      return index < 150 ? healthy(response, seen, index) : silent(response, seen, index)
    })
    const scenario = open({ requests: 1000 }, 200)
    const { records, window } = await run(knownTarget(server.origin, api), scenario, { signal: abort.signal })
    expect(records.some(({ outcome }) => outcome === 'aborted')).toBe(true)
    expect(records.length).toBeLessThan(900)
    await until(() => server.openSockets === 0)
    await sleep(100)
    expect(server.asked.length).toBeLessThanOrEqual(window.warmupRequests + records.length)
  })

  test('an abort while requests wait for the limit', async () => {
    const abort = new AbortController()
    await using server = await FakeServer.start(silent)
    setTimeout(() => abort.abort(), 300)
    const scenario = open({ concurrency: 2, requests: 1000 }, 200)
    const { records } = await run(knownTarget(server.origin, api), scenario, { signal: abort.signal })
    expect(records).toEqual([])
    expect(server.asked).toHaveLength(2)
    await until(() => server.openSockets === 0)
  })

  test('an error of our own comes out, and leaves no socket', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const onProgress = (done: number): void => {
      if (done === 3) throw new Error('the log is full')
    }
    await expect(run(knownTarget(server.origin, api), open(), { onProgress })).rejects.toThrow('the log is full')
    await until(() => server.openSockets === 0)
  })
})
