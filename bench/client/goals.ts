import { median } from 'simple-statistics'
import { latencyMs } from './cells.ts'
import type { CommandRun } from './command-run.ts'
import type { CellResult, Floor, Goal } from './result.ts'

type Limit = readonly ['at most' | 'at least', number]

/** What the load generator promises of itself, held against what was measured. A figure that is missing is not met. */
export function goalsOf(
  cells: readonly CellResult[],
  commands: readonly CommandRun[],
  floors: readonly Floor[] = [],
): Goal[] {
  const at = (name: string): CellResult | undefined => cells.find((cell) => cell.name === name)
  const bare = (name: string): Floor | undefined => floors.find((floor) => floor.name === name)
  const goals: Goal[] = []
  const add = (
    what: string,
    unit: string,
    [direction, goal]: Limit,
    value: number | null | undefined,
    floor: number | null = null,
  ): void => {
    const figure = value ?? Number.NaN
    const isLeast = direction === 'at least'
    goals.push({ what, unit, goal, isLeast, figure, floor, isMet: isLeast ? figure >= goal : figure <= goal })
  }
  for (const name of ['c1', 'c8', 'c64', 'c256']) {
    const ttft = at(name)?.errors?.ttftMs
    add(`TTFT error, median, ${name}`, 'ms', ['at most', 0.5], ttft?.median)
    add(`TTFT error, P99, ${name}`, 'ms', ['at most', 3], ttft?.p99)
  }
  const many = at('c64')
  add('e2e error, mean, c64', 'ms', ['at most', 1], many?.errors && Math.abs(many.errors.latencyMs.mean))
  add('TPOT error, mean, c64', 'ms', ['at most', 0.005], many?.errors && Math.abs(many.errors.tpotMs.mean))
  const ideal = (64 / latencyMs) * 1000
  const bareRate = bare('c64')?.requestsPerSecond
  const ofIdeal = bareRate && (100 * bareRate) / ideal
  add(
    'closed-loop rate of the ideal, c64',
    '%',
    ['at least', 99.5],
    many && (100 * many.requestsPerSecond) / ideal,
    ofIdeal,
  )
  add('open-loop lag, P99, 100 requests/s', 'ms', ['at most', 1], at('r100')?.lagMs.p99)
  add('open-loop lag, P99, 1000 requests/s', 'ms', ['at most', 2], at('r1000')?.lagMs.p99)
  add('CPU of 1000 requests, c64', 's', ['at most', 2], many?.cpuSecondsPer1000, bare('c64')?.cpuSecondsPer1000)
  add(
    'requests/s, 1 token',
    '/s',
    ['at least', 15_000],
    at('requests')?.requestsPerSecond,
    bare('requests')?.requestsPerSecond,
  )
  add(
    'SSE events/s, 256 tokens',
    '/s',
    ['at least', 250_000],
    at('events')?.eventsPerSecond,
    bare('events')?.eventsPerSecond,
  )
  const memories = commands.flatMap(({ rssPeakMiB }) => rssPeakMiB ?? [])
  add('RSS of llm-perf run, c64', 'MiB', ['at most', 150], middleOf(memories))
  const firstRequests = commands.map(({ firstRequestSeconds }) => firstRequestSeconds)
  add('command to first request', 's', ['at most', 0.5], middleOf(firstRequests))
  add('failed requests', '', ['at most', 0], sumOf(cells.map(({ failed }) => failed)))
  return goals
}

function middleOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : median([...values])
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
