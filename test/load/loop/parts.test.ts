// The small parts that the loops are made of: requests in stock, the alarm, work put off.
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { HttpRequest } from '../../../src/load/api/api.ts'
import { Alarm } from '../../../src/load/loop/alarm.ts'
import { ArrivalFeed } from '../../../src/load/loop/arrivals.ts'
import { Desk } from '../../../src/load/loop/desk.ts'
import { type Phase, Stock } from '../../../src/load/loop/shot.ts'
import { randomFrom } from '../../../src/load/prompts/random.ts'

const now = (): number => performance.now()

describe('requests in stock', () => {
  function stockOf(limits: { ahead: number; mostMeasured: number }) {
    const made: string[] = []
    const make = (phase: Phase, index: number): HttpRequest => {
      made.push(`${phase} ${index}`)
      return { method: 'POST', path: '/', body: null }
    }
    return { made, stock: new Stock(make, limits) }
  }

  test('are written ahead, for both phases', () => {
    const { made } = stockOf({ ahead: 2, mostMeasured: 10 })
    expect(made).toEqual(['warm-up 0', 'warm-up 1', 'measured 0', 'measured 1'])
  })

  test('are taken in order, and made on the spot when the stock is empty', () => {
    const { stock } = stockOf({ ahead: 1, mostMeasured: 10 })
    expect([stock.take('measured'), stock.take('measured')].map(({ index }) => index)).toEqual([0, 1])
    expect(stock.take('warm-up')).toMatchObject({ phase: 'warm-up', index: 0 })
  })

  test('are refilled one at a time, never beyond what will be needed', () => {
    const { made, stock } = stockOf({ ahead: 2, mostMeasured: 3 })
    stock.take('measured')
    expect(stock.refill('measured')).toBe(true)
    stock.take('measured')
    expect(stock.refill('measured')).toBe(false)
    expect(made.filter((text) => text.startsWith('measured'))).toHaveLength(3)
  })
})

describe('the alarm', () => {
  const wakingAt = (afterMs: number): Promise<number> =>
    new Promise((resolve) => {
      const atMs = now() + afterMs
      new Alarm(now, () => resolve(now() - atMs)).set(atMs)
    })

  test.each([0, 0.3, 1, 2.7, 20, 55.5])('of %d ms never wakes early', async (afterMs) => {
    expect(await wakingAt(afterMs)).toBeGreaterThanOrEqual(0)
  })

  test('lets other work of the event loop through while it looks at the clock', async () => {
    let turns = 0
    const count = (): void => {
      turns += 1
      if (turns < 10_000) setImmediate(count)
    }
    count()
    await wakingAt(1)
    expect(turns).toBeGreaterThan(1)
  })

  test('can be set anew and be stopped', async () => {
    const woken: string[] = []
    const alarm = new Alarm(now, () => woken.push('woken'))
    alarm.set(now() + 1)
    alarm.set(now() + 30)
    await sleep(10)
    expect(woken).toEqual([])
    await sleep(100)
    expect(woken).toEqual(['woken'])
    alarm.set(now() + 5)
    alarm.clear()
    await sleep(30)
    expect(woken).toEqual(['woken'])
  })
})

describe('work that is put off', () => {
  /** Work is done at turns of the event loop, however long these take. */
  async function turns(count: number): Promise<void> {
    for (let done = 0; done < count; done += 1) await turn()
  }
  const never = (): number => Number.POSITIVE_INFINITY
  const fail = (error: unknown): void => {
    throw error
  }

  test('is done later, in order', async () => {
    const done: number[] = []
    const desk = new Desk(now, never, fail)
    for (const piece of [1, 2, 3]) desk.later(() => done.push(piece))
    expect(done).toEqual([])
    await turns(50)
    expect(done).toEqual([1, 2, 3])
  })

  test('waits while a request is about to be due, unless there is too much of it', async () => {
    const done: string[] = []
    const desk = new Desk(now, () => now() + 0.1, fail)
    for (let piece = 0; piece < 600; piece += 1) desk.later(() => done.push('piece'))
    await turns(300)
    // What is beyond the 512 that may wait.
    expect(done).toHaveLength(88)
    desk.finish()
    expect(done).toHaveLength(600)
  })

  test('tells its errors, and goes on', async () => {
    const errors: unknown[] = []
    const done: string[] = []
    const desk = new Desk(now, never, (error) => errors.push(error))
    desk.later(() => fail(new Error('broken')))
    desk.later(() => done.push('piece'))
    await turns(50)
    expect(errors).toMatchObject([{ message: 'broken' }])
    expect(done).toHaveLength(1)
  })

  test('throws at the end, and is forgotten when it is dropped', async () => {
    const done: string[] = []
    const desk = new Desk(now, never, fail)
    desk.later(() => fail(new Error('broken')))
    expect(() => desk.finish()).toThrow('broken')
    desk.later(() => done.push('piece'))
    desk.drop()
    await turns(50)
    expect(done).toEqual([])
  })
})

test('arrivals go over from the warm-up into the schedule without a gap of their own', () => {
  const feed = new ArrivalFeed({
    process: { requestsPerSecond: 10, burstiness: null },
    requests: 2,
    rampMs: 0,
    startMs: 5000,
    randomOf: (phase) => randomFrom(phase),
  })
  const arrivals = [false, false, true, true, true].map((isWarm) => feed.next(isWarm))
  expect(arrivals).toEqual([
    { phase: 'warm-up', dueMs: 5100 },
    { phase: 'warm-up', dueMs: 5200 },
    { phase: 'measured', dueMs: 5300 },
    { phase: 'measured', dueMs: 5400 },
    null,
  ])
  expect(feed.measuringFromMs).toBe(5200)
})
