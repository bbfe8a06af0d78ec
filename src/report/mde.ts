import { type GatedMetric, gatedMetrics, metrics } from '../metrics/index.ts'
import type { CellVerdict } from '../model/verdict.ts'
import { labelOf } from './describe-cell.ts'
import { formatSigned, isFigure } from './format.ts'

/**
 * What the run would have caught: the figure that tells a real "no slowdown" from one that could not have seen any. In one
 * scenario: in the weakest of them, so that it holds for any. `+9.0 % P99 latency in any one scenario, +4.0 % everywhere`.
 */
export function mdeSentence(cells: readonly CellVerdict[]): string {
  const parts = gatedMetrics.flatMap((metric) => {
    const judged = cells.filter((cell) => cell.metric === metric && cell.verdict !== 'new')
    const one = weakest(judged.filter(({ scenario }) => scenario !== null))
    const all = weakest(judged.filter(({ scenario }) => scenario === null))
    if (one === null) return []
    const labels = new Set(judged.map(labelOf))
    const everywhere = all === null ? '' : `, ${slower(metric, all)} everywhere`
    return [`${slower(metric, one)} ${[...labels].join(' or ')} in any one scenario${everywhere}`]
  })
  if (parts.length === 0) return 'The smallest slowdown that this run would have caught is not known.'
  return `This run would have caught ${parts.join('; ')} (95 times in 100).`
}

/** Null as soon as one is not known: what is claimed holds for all. */
function weakest(cells: readonly CellVerdict[]): number | null {
  const mdes = cells.map(({ mde }) => mde)
  return mdes.length > 0 && mdes.every(isFigure) ? Math.max(...mdes) : null
}

/** In the metric's own direction: a slowdown raises a latency and lowers a rate. */
function slower(metric: GatedMetric, fraction: number): string {
  return formatSigned(metrics[metric].lowerIsBetter ? fraction : -fraction)
}
