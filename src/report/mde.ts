import { gatedMetrics, metrics } from '../metrics/index.ts'
import type { CellVerdict } from '../model/verdict.ts'
import { formatPercent, isFigure } from './format.ts'

/**
 * What the run would have caught 95 times in 100, by the weakest scenario of each metric: the figure that tells a real
 * "no slowdown" from one that could not have seen any.
 */
export function mdeSentence(cells: readonly CellVerdict[]): string {
  const parts = gatedMetrics.flatMap((metric) => {
    const judged = cells.filter((cell) => cell.metric === metric && cell.scenario !== null && cell.verdict !== 'new')
    const mdes = judged.map(({ mde }) => mde)
    if (mdes.length === 0 || !mdes.every(isFigure)) return []
    const labels = new Set(judged.map(({ percentile }) => metrics[metric].label(percentile)))
    return [`${formatPercent(Math.max(...mdes))} in ${[...labels].join(' or ')}`]
  })
  if (parts.length === 0) return 'The smallest slowdown that this run would have caught is not known.'
  return `In any one scenario this run would have caught a slowdown of ${parts.join(' and of ')} (95 times in 100).`
}
