import { median, sum } from 'simple-statistics'
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
  const beside = (what: string, unit: string, limit: Limit, name: string, figureOf: (cell: Floor) => number): Goal => {
    const [ours, bare] = [at(name), floors.find((floor) => floor.name === name)]
    return goalOf(what, unit, limit, ours && figureOf(ours), bare && figureOf(bare))
  }
  const [many, ideal] = [at('c64')?.errors, (64 / latencyMs) * 1000]
  const ofIdeal = ({ requestsPerSecond }: Floor) => (100 * requestsPerSecond) / ideal
  const memories = commands.flatMap(({ rssPeakMiB }) => rssPeakMiB ?? [])
  const firstRequests = commands.map(({ firstRequestSeconds }) => firstRequestSeconds)
  return [
    ...['c1', 'c8', 'c64', 'c256'].flatMap((name) => ttftGoals(name, at(name))),
    goalOf('e2e error, mean, c64', 'ms', ['at most', 1], many && Math.abs(many.latencyMs.mean)),
    goalOf('TPOT error, mean, c64', 'ms', ['at most', 0.005], many && Math.abs(many.tpotMs.mean)),
    beside('closed-loop rate of the ideal, c64', '%', ['at least', 99.5], 'c64', ofIdeal),
    goalOf('open-loop lag, P99, 100 requests/s', 'ms', ['at most', 1], at('r100')?.lagMs.p99),
    goalOf('open-loop lag, P99, 1000 requests/s', 'ms', ['at most', 2], at('r1000')?.lagMs.p99),
    beside('CPU of 1000 requests, c64', 's', ['at most', 2], 'c64', (cell) => cell.cpuSecondsPer1000),
    beside('requests/s, 1 token', '/s', ['at least', 15_000], 'requests', (cell) => cell.requestsPerSecond),
    beside('SSE events/s, 256 tokens', '/s', ['at least', 250_000], 'events', (cell) => cell.eventsPerSecond),
    goalOf('RSS of llm-perf run, c64', 'MiB', ['at most', 150], middleOf(memories)),
    goalOf('command to first request', 's', ['at most', 0.5], middleOf(firstRequests)),
    goalOf('failed requests', '', ['at most', 0], sum(cells.map(({ failed }) => failed))),
  ]
}

function ttftGoals(name: string, cell: CellResult | undefined): Goal[] {
  const ttft = cell?.errors?.ttftMs
  return [
    goalOf(`TTFT error, median, ${name}`, 'ms', ['at most', 0.5], ttft?.median),
    goalOf(`TTFT error, P99, ${name}`, 'ms', ['at most', 3], ttft?.p99),
  ]
}

function goalOf(
  what: string,
  unit: string,
  [direction, goal]: Limit,
  value: number | null | undefined,
  floor: number | null = null,
): Goal {
  const figure = value ?? Number.NaN
  const isLeast = direction === 'at least'
  return { what, unit, goal, isLeast, figure, floor, isMet: isLeast ? figure >= goal : figure <= goal }
}

function middleOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : median([...values])
}
