import { plural } from '../../model/words.ts'
import { nearestRank } from '../../stats/nearest-rank.ts'
import { latenciesMs, percent, succeeded, type ValidityRule } from './rule.ts'

/** Errors below this are smaller than what any model server does by itself from request to request. */
const leastMs = 1
/** Of the slowdown that the gate accepts: 2 % of the latency at the default margin of 10 %. */
const partOfMargin = 0.2

/**
 * Our own client was off when it was held against a server of known timing: what it says of this server is off by as
 * much. What counts is the latency, on which the verdict rests; how far TTFT and TPOT are off stands beside them in the
 * report. Judged by the median, which every request has; the delays of single moments are `client-lag`.
 */
export const clientError: ValidityRule = ({ scenario, records, calibration, policy }) => {
  if (calibration === null) return null
  const latencyMs = nearestRank(latenciesMs(succeeded(records)), 0.5)
  if (latencyMs === null) return null
  const tolerance = partOfMargin * policy.margins.latencyTail
  const errorMs = calibration.latency.medianMs
  const sizeMs = Math.abs(errorMs)
  if (sizeMs <= leastMs || sizeMs <= tolerance * latencyMs) return null
  return {
    code: 'client-error',
    scenario: scenario.name,
    message: `The load client is off by ${errorMs.toFixed(1)} ms of latency (median, against a server of known timing at concurrency ${calibration.concurrency}, ${plural(calibration.attempts, 'attempt')}); allowed are ${leastMs} ms, or ${percent(tolerance)} of the median latency of ${latencyMs.toFixed(1)} ms.`,
    hint: 'Something else used the CPU of this runner before the first trial. Run nothing beside the job, or leave the client a core of its own.',
  }
}
