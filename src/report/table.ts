import { type GatedMetric, gatedMetrics, metrics } from '../metrics/index.ts'
import { type CellVerdict, worstVerdict } from '../model/verdict.ts'
import { labelOf, nameOf, placeKey } from './describe-cell.ts'
import { formatChange, formatStep, noFigure } from './format.ts'
import type { Style } from './style.ts'
import { verdictWords } from './verdict-words.ts'

export interface TableRow {
  readonly name: string
  /** One entry per column. */
  readonly cells: readonly { readonly values: string; readonly change: string }[]
  readonly verdict: string
}

export interface ResultTable {
  /** One per gated metric: `P99 latency`. */
  readonly columns: readonly { readonly label: string }[]
  /** Worst first; all scenarios together (of each shard, where shards were merged) at the end. */
  readonly rows: readonly TableRow[]
  /** Rows left out for want of room. */
  readonly leftOut: number
  /** Why a lower percentile than P99 is shown; null when P99 is. */
  readonly percentileNote: string | null
}

/** One row a scenario, two figures a gated metric. Expects the cells worst first. */
export function resultTable(cells: readonly CellVerdict[], style: Style, mostRows: number): ResultTable {
  const columns = gatedMetrics.map((metric) => ({ metric, labels: labelsOf(cells, metric) }))
  const rowOf = (own: readonly CellVerdict[]): TableRow[] => {
    const [first] = own
    if (!first) return []
    const worst = worstVerdict(own.map(({ verdict }) => verdict))
    const values = columns.map(({ metric, labels }) =>
      figures(
        own.find((cell) => cell.metric === metric),
        labels.length > 1,
      ),
    )
    return [{ name: nameOf(first, style), cells: values, verdict: verdictWords[worst] }]
  }
  const places = [...Map.groupBy(cells, placeKey).values()]
  const scenarios = places.filter(([first]) => first?.scenario !== null)
  const together = places.filter(([first]) => first?.scenario === null)
  return {
    columns: columns.map(({ metric, labels }) => ({ label: labels.join(' or ') || metrics[metric].label(99) })),
    rows: [...scenarios.slice(0, mostRows), ...together].flatMap(rowOf),
    leftOut: Math.max(0, scenarios.length - mostRows),
    percentileNote: percentileNote(cells),
  }
}

function figures(cell: CellVerdict | undefined, withLabel: boolean): TableRow['cells'][number] {
  if (!cell) return { values: noFigure, change: noFigure }
  const step = formatStep(cell.base, cell.head, metrics[cell.metric].unit)
  return { values: withLabel ? `${labelOf(cell)}: ${step}` : step, change: formatChange(cell.change) }
}

/** More than one when scenarios differ in the percentile that their number of requests supports. */
function labelsOf(cells: readonly CellVerdict[], metric: GatedMetric): string[] {
  return [...new Set(cells.filter((cell) => cell.metric === metric && cell.scenario !== null).map(labelOf))]
}

function percentileNote(cells: readonly CellVerdict[]): string | null {
  const isLower = (cell: CellVerdict) => cell.percentile < 99 && labelOf(cell) !== labelOf({ ...cell, percentile: 99 })
  const lower = [...new Set(cells.filter(isLower).map(({ percentile }) => percentile))].sort((a, b) => b - a)
  if (lower.length === 0) return null
  const names = lower.map((percentile) => `P${percentile}`).join(' and ')
  return `Shown and judged is the highest percentile that the number of requests in a trial supports, here ${names}; P99 needs 299 requests.`
}
