import { supportedPercentile } from '../../metrics/summarise.ts'
import type { RequestRecord } from '../../model/request.ts'
import { nearestRank } from '../../stats/nearest-rank.ts'
import { latenciesMs, percent, succeeded, type ValidityRule } from './rule.ts'

/** Delays below this are a timer's own grain on a machine that also runs the server. */
const limitMs = 5

/**
 * A delay of our own shifts a time stamp by at most itself. It matters where it could make a difference to the verdict,
 * so the limit is half of the slowdown that the gate accepts: 5 % of the latency at the default margin of 10 %.
 */
const partOfMargin = 0.5

/** Our own client was late: in sending a request whose turn had come, or in looking at what arrived. */
export const clientLag: ValidityRule = ({ scenario, records, window, policy }) => {
  const ok = succeeded(records)
  const latencyMs = nearestRank(latenciesMs(ok), 0.5)
  if (latencyMs === null) return null
  const limitOfLatency = partOfMargin * policy.margins.latencyTail
  // At the percentile that is judged: one late moment in thirty is above a P90, wherever it came from.
  const percentile = supportedPercentile(scenario.requests) ?? 50
  // Of an open loop only the client knows which requests had to wait for a connection: that was the server's doing.
  const sendLagMs = scenario.arrivals ? window.clientLagTailMs : (nearestRank(ok.map(sendLag), percentile / 100) ?? 0)
  const loopDelayMs = window.eventLoopDelayTailMs
  const worstMs = Math.max(sendLagMs, loopDelayMs)
  if (worstMs <= limitMs || worstMs <= limitOfLatency * latencyMs) return null
  return {
    code: 'client-lag',
    scenario: scenario.name,
    message: `The load client was late: requests left ${sendLagMs.toFixed(1)} ms after their turn and the event loop was delayed by ${loopDelayMs.toFixed(1)} ms (P${percentile}); allowed are ${limitMs} ms, or ${percent(limitOfLatency)} of the median latency of ${latencyMs.toFixed(1)} ms.`,
    hint: 'Something else uses the CPU of this runner. Run nothing beside the job, lower the concurrency, or leave the client a core of its own.',
  }
}

function sendLag({ scheduledMs, sentMs }: RequestRecord): number {
  return (sentMs ?? Number.NaN) - scheduledMs
}
