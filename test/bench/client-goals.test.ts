import { expect, test } from 'vitest'
import { latencyMs } from '../../bench/client/cells.ts'
import { goalsOf } from '../../bench/client/goals.ts'
import type { CellResult, Floor, Goal } from '../../bench/client/result.ts'

const figures = { mean: 0, median: 0, p99: 0 }
const cellOf = (name: string, given: Partial<CellResult> = {}): CellResult => ({
  name,
  concurrency: null,
  requests: 100,
  failed: 0,
  errors: null,
  serverLateP99Ms: null,
  requestsPerSecond: 0,
  eventsPerSecond: 0,
  lagMs: figures,
  cpuSecondsPer1000: 0,
  busy: 0,
  rssPeakMiB: 0,
  loopDelayP99Ms: 0,
  ...given,
})
const goal = (goals: readonly Goal[], what: string) => goals.find((one) => one.what === what)

test('a figure that nobody measured meets no goal, whether it should be large or small', () => {
  const goals = goalsOf([], []).filter(({ what }) => what !== 'failed requests')
  expect(goals.filter(({ isMet, figure }) => isMet || !Number.isNaN(figure))).toEqual([])
  expect(new Set(goals.map(({ isLeast }) => isLeast))).toEqual(new Set([true, false]))
})

test('four figures stand beside those of a bare client in the same cell', () => {
  const ideal = (64 / latencyMs) * 1000
  const floor = (name: string, given: Partial<Floor>): Floor => ({
    ...{ name, requestsPerSecond: 0, eventsPerSecond: 0, cpuSecondsPer1000: 0 },
    ...given,
  })
  const cells = [
    cellOf('c64', { requestsPerSecond: ideal / 2, cpuSecondsPer1000: 3 }),
    cellOf('requests', { requestsPerSecond: 15_000 }),
    cellOf('events', { eventsPerSecond: 249_999 }),
  ]
  const floors = [
    floor('events', { eventsPerSecond: 400_000 }),
    floor('c64', { requestsPerSecond: ideal, cpuSecondsPer1000: 1 }),
  ]
  const goals = goalsOf(cells, [], floors)
  expect(goal(goals, 'closed-loop rate of the ideal, c64')).toMatchObject({
    figure: expect.closeTo(50),
    floor: expect.closeTo(100),
    isMet: false,
  })
  expect(goal(goals, 'CPU of 1000 requests, c64')).toMatchObject({ figure: 3, floor: 1, isMet: false })
  expect(goal(goals, 'requests/s, 1 token')).toMatchObject({ figure: 15_000, floor: null, isMet: true })
  expect(goal(goals, 'SSE events/s, 256 tokens')).toMatchObject({ figure: 249_999, floor: 400_000, isMet: false })
  expect(goals.filter(({ floor: bare }) => bare !== null)).toHaveLength(3)
})

test('an error counts by its size, whichever way it points, and one failed request is too many', () => {
  const ofMean = (mean: number) => ({ ttftMs: figures, tpotMs: figures, latencyMs: { ...figures, mean } })
  const cells = (mean: number) => [cellOf('c64', { errors: ofMean(mean) }), cellOf('events', { failed: 1 })]
  expect(goal(goalsOf(cells(-2), []), 'e2e error, mean, c64')).toMatchObject({ figure: 2, isMet: false })
  expect(goal(goalsOf(cells(-0.5), []), 'e2e error, mean, c64')).toMatchObject({ figure: 0.5, isMet: true })
  expect(goal(goalsOf(cells(0), []), 'failed requests')).toMatchObject({ figure: 1, isMet: false })
})
