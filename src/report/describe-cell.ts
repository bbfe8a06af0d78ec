import { type Metric, metrics } from '../metrics/index.ts'
import { shardName } from '../model/shard.ts'
import type { CellVerdict } from '../model/verdict.ts'
import { formatInterval, formatSigned } from './format.ts'
import type { Style } from './style.ts'

/** The words of a metric for the percentile that was measured: `P90 latency`. */
export function labelOf({ metric, percentile }: { readonly metric: Metric; readonly percentile: number }): string {
  return metrics[metric].label(percentile)
}

/** A row, or what a finding is about: a scenario, or all of them (of a shard, where shards were merged). */
export type Place = Pick<CellVerdict, 'scenario' | 'shard'>

/** The name of a scenario; null stands for all of them, or for all of its shard. */
export function nameOf(place: Place, style: Style): string {
  return place.scenario === null ? allOf(place) : style.code(place.scenario)
}

/** `P90 latency of p384-o8-c1 +82 % (95 % interval +70 % to +95 %)` */
export function describeCell(cell: CellVerdict, style: Style): string {
  const where = cell.scenario === null ? `over ${allOf(cell)}` : `of ${style.code(cell.scenario)}`
  const subject = `${labelOf(cell)} ${where}`
  return cell.change
    ? `${subject} ${formatSigned(cell.change.estimate)} (95 % interval ${formatInterval(cell.change)})`
    : subject
}

function allOf({ shard }: Place): string {
  return shard ? `all scenarios of shard ${shardName(shard)}` : 'all scenarios'
}

/** The same for rows of one scenario, and for rows of the same scenarios together. */
export function placeKey({ scenario, shard }: Place): string {
  return scenario ?? `all ${shard ? shardName(shard) : ''}`
}
