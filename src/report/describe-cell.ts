import { metrics } from '../metrics/index.ts'
import type { CellVerdict } from '../model/verdict.ts'
import { formatInterval, formatSigned } from './format.ts'
import type { Style } from './style.ts'

/** The words of a metric for the percentile that was judged: `P90 latency`. */
export const labelOf = (cell: Pick<CellVerdict, 'metric' | 'percentile'>): string =>
  metrics[cell.metric].label(cell.percentile)

/** `P90 latency of p384-o8-c1 +82 % (95 % interval +70 % to +95 %)` */
export function describeCell(cell: CellVerdict, style: Style): string {
  const where = cell.scenario === null ? 'over all scenarios' : `of ${style.code(cell.scenario)}`
  const subject = `${labelOf(cell)} ${where}`
  return cell.change
    ? `${subject} ${formatSigned(cell.change.estimate)} (95 % interval ${formatInterval(cell.change)})`
    : subject
}
