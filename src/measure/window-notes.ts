import { mostConnections } from '../load/index.ts'
import { throughputSpan } from '../metrics/throughput.ts'
import type { ScenarioWindow } from '../model/recording.ts'
import type { Scenario } from '../model/scenario.ts'

/** What a person should know of how the load of one scenario went; nothing where all is as it should be. */
export function windowNotes(scenario: Scenario, window: ScenarioWindow): string[] {
  const { startMs, endMs, steadyStartMs, steadyEndMs, peakInFlight, queuedRequests } = window
  const isCut = throughputSpan(window).endMs < endMs || throughputSpan(window).startMs > startMs
  const isSteady = steadyStartMs === startMs && steadyEndMs === endMs
  const isFull = scenario.arrivals !== null && scenario.concurrency === null && peakInFlight >= mostConnections
  return [
    ...(isCut || isSteady
      ? []
      : [
          `${scenario.name}: only ${seconds(steadyEndMs - steadyStartMs)} of ${seconds(endMs - startMs)} were steady, so tokens/s is that of the whole, ramp and drain included. More requests make the steady part longer.`,
        ]),
    ...(isFull
      ? [
          `${scenario.name}: ${peakInFlight} requests were in flight, the most that are sent at once where no concurrency is given, and ${queuedRequests} had to wait, which counts as latency. The server cannot follow this rate.`,
        ]
      : []),
  ]
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
