import { type Metric, metrics } from '../metrics/index.ts'
import type { CellVerdict } from '../model/verdict.ts'
import { formatInterval, formatSigned } from './format.ts'
import type { Style } from './style.ts'

/** The words of a metric for the percentile that was measured: `P90 latency`. */
export function labelOf({ metric, percentile }: { readonly metric: Metric; readonly percentile: number }): string {
  return metrics[metric].label(percentile)
}

/** The name of a scenario; null stands for all of them. */
export function nameOf({ scenario }: { readonly scenario: string | null }, style: Style): string {
  return scenario === null ? 'all scenarios' : style.code(scenario)
}

/** `P90 latency of p384-o8-c1 +82 % (95 % interval +70 % to +95 %)` */
export function describeCell(cell: CellVerdict, style: Style): string {
  const where = cell.scenario === null ? 'over all scenarios' : `of ${style.code(cell.scenario)}`
  const subject = `${labelOf(cell)} ${where}`
  return cell.change
    ? `${subject} ${formatSigned(cell.change.estimate)} (95 % interval ${formatInterval(cell.change)})`
    : subject
}
