import type { ClientBench, Figures, Goal, ToolCell } from './result.ts'

/** Rows of cells, the head first: every promise, its goal, the figure, and whether it is kept. */
export function goalTable({ goals }: Pick<ClientBench, 'goals'>): string[][] {
  const rows = goals.map((goal) => [
    goal.what,
    limitOf(goal),
    shown(goal.figure, goal.unit),
    goal.floor === null ? '' : shown(goal.floor, goal.unit),
    goal.isMet ? 'met' : 'MISSED',
  ])
  return [['what', 'goal', 'figure', 'bare client', ''], ...rows]
}

/** Ours and the peers on the same cells, in one run. */
export function comparedTable({ compared }: Pick<ClientBench, 'compared'>): string[][] {
  const head = [
    'tool',
    'streams',
    'TTFT error mean / P99 ms',
    'e2e error mean / P99 ms',
    'TPOT error mean ms',
    'requests/s',
    'CPU s per 1000 requests',
    'memory MiB',
  ]
  return [head, ...compared.map(comparedRow)]
}

function comparedRow(cell: ToolCell): string[] {
  return [
    cell.tool,
    String(cell.concurrency),
    `${signed(cell.ttftErrorMs.mean)} / ${signed(cell.ttftErrorMs.p99)}`,
    `${signed(cell.latencyErrorMs.mean)} / ${signed(cell.latencyErrorMs.p99)}`,
    signed(cell.tpotErrorMs.mean, 3),
    plain(cell.requestsPerSecond, 1),
    plain(cell.cpuSecondsPer1000, 1),
    plain(cell.memoryPeakMiB, 0),
  ]
}

function limitOf({ goal, unit, isLeast }: Goal): string {
  return `${isLeast ? 'at least' : 'at most'} ${shown(goal, unit)}`
}

function shown(value: number, unit: string): string {
  if (!Number.isFinite(value)) return 'not measured'
  const text =
    Math.abs(value) >= 1000
      ? Math.round(value).toLocaleString('en-US')
      : String(Number(value.toPrecision(unit === '%' ? 4 : 3)))
  return unit === '' ? text : `${text} ${unit}`
}

function signed(value: Figures[keyof Figures] | undefined, digits = 2): string {
  if (value === undefined || !Number.isFinite(value)) return '-'
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(digits)}`
}

function plain(value: number | null, digits: number): string {
  return value === null || !Number.isFinite(value) ? '-' : value.toFixed(digits)
}
