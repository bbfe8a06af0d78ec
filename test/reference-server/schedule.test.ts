import { expect, test } from 'vitest'
import { monotonicMs } from '../../src/reference-server/clock.ts'
import { Schedule } from '../../src/reference-server/schedule.ts'

/** Runs tasks until all have been done; which was done when. */
function runAll(tasks: readonly { id: string; inMs: readonly number[] }[]): Promise<{ id: string; earlyMs: number }[]> {
  const schedule = new Schedule()
  const startMs = monotonicMs()
  const done: { id: string; earlyMs: number }[] = []
  const total = tasks.reduce((sum, { inMs }) => sum + inMs.length, 0)
  return new Promise((resolve) => {
    for (const { id, inMs } of tasks) {
      let at = 0
      schedule.add({
        dueMs: startMs + (inMs[0] ?? 0),
        run() {
          done.push({ id, earlyMs: this.dueMs - monotonicMs() })
          at += 1
          if (done.length === total) resolve(done)
          const nextMs = inMs[at]
          if (nextMs === undefined) return false
          this.dueMs = startMs + nextMs
          return true
        },
      })
    }
  })
}

test('tasks run in the order of their times, however they were added, and never early', async () => {
  const done = await runAll([
    { id: 'c', inMs: [30] },
    { id: 'a', inMs: [10] },
    { id: 'b', inMs: [20, 40] },
    { id: 'now', inMs: [0] },
  ])
  expect(done.map(({ id }) => id)).toEqual(['now', 'a', 'b', 'c', 'b'])
  for (const { earlyMs } of done) expect(earlyMs).toBeLessThanOrEqual(0)
})

test('hundreds of tasks with random times keep the order', async () => {
  // A fixed shuffle: multiples of a number that shares no factor with 499.
  const tasks = Array.from({ length: 499 }, (_, index) => ({
    id: String((index * 87) % 499),
    inMs: [((index * 87) % 499) / 10],
  }))
  const done = await runAll(tasks)
  expect(done.map(({ id }) => Number(id))).toEqual(Array.from({ length: 499 }, (_, index) => index))
})

test('an earlier task that is added later does not wait for the one before it', async () => {
  const schedule = new Schedule()
  const startMs = monotonicMs()
  const order: string[] = []
  await new Promise<void>((resolve) => {
    const task = (id: string, dueMs: number) => ({
      dueMs,
      run() {
        order.push(id)
        if (order.length === 2) resolve()
        return false
      },
    })
    schedule.add(task('late', startMs + 120))
    schedule.add(task('early', startMs + 15))
  })
  expect(order).toEqual(['early', 'late'])
})
