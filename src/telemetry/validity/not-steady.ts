import type { RequestRecord } from '../../model/request.ts'
import { nearestRank } from '../../stats/nearest-rank.ts'
import { percent, succeeded, type ValidityRule } from './rule.ts'

/** The start of the window: this part of its requests. */
const startPart = 1 / 3
/** Fewer requests than this show no trend. */
const fewestInStart = 5
/**
 * Median latency of the start over that of the rest. On a machine of two cores, busy with ten times as much work as they
 * can do, a warm server came to 1.6.
 */
const limit = 2
/** A machine that is always restless has latencies like those of the start later on too: then they are no warm-up. */
const restless = 0.9

/**
 * The first measured requests were much slower than all that followed: the server was still warming up. What it costs to
 * become warm would be taken for its speed.
 */
export const notSteady: ValidityRule = ({ scenario, records }) => {
  const from = scenario.arrivals === null ? 'sentMs' : 'scheduledMs'
  const latency = (record: RequestRecord) => (record.endMs ?? Number.NaN) - (record[from] ?? Number.NaN)
  const inOrder = succeeded(records).toSorted((a, b) => a.index - b.index)
  const count = Math.floor(startPart * inOrder.length)
  if (count < fewestInStart) return null
  const start = inOrder.slice(0, count).map(latency)
  const rest = inOrder.slice(count).map(latency)
  const startMs = nearestRank(start, 0.5) ?? Number.NaN
  const restMs = nearestRank(rest, 0.5) ?? Number.NaN
  if (startMs <= limit * restMs || startMs <= (nearestRank(rest, restless) ?? Number.NaN)) return null
  return {
    code: 'not-steady',
    scenario: scenario.name,
    message: `The first ${count} measured requests had a median latency of ${startMs.toFixed(1)} ms, the ${rest.length} after them ${restMs.toFixed(1)} ms: the server was still getting faster, by ${percent(startMs / restMs - 1)}; ${percent(limit - 1)} are tolerated.`,
    hint: 'Give the scenario a longer warm-up, e.g. `ramp-seconds: 10`. If the server is warm, something else used the machine in the beginning.',
  }
}
