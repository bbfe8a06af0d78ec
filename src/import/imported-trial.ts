import type { ScenarioWindow, TrialRecord } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import type { Scenario } from '../model/scenario.ts'
import type { RequestDetail } from './imported.ts'
import { inFlightPeak } from './in-flight.ts'

/** One scenario of a trial. */
export interface TrialPart {
  readonly detail: RequestDetail
  readonly scenario: Scenario
}

export interface ImportedTrial {
  readonly trial: TrialRecord
  readonly requests: readonly RequestRecord[]
}

/** The scenarios of a trial one after the other, as they would be measured on one server. */
export function trialOf(order: number, parts: readonly TrialPart[], now: Date): ImportedTrial {
  const id = `i${order + 1}`
  const windows: ScenarioWindow[] = []
  const requests: RequestRecord[] = []
  let startMs = 0
  for (const { detail, scenario } of parts) {
    windows.push(windowOf(detail, scenario, startMs))
    for (const request of detail.requests) {
      requests.push({ trial: id, scenario: scenario.name, ...moved(request, startMs) })
    }
    startMs += detail.windowMs
  }
  // Without a date in the files, the import is the latest that it can have been.
  const startedAt = parts.flatMap(({ detail }) => detail.startedAt ?? []).toSorted()[0] ?? now.toISOString()
  return {
    trial: {
      id,
      side: 'head',
      stage: 'baseline',
      pair: null,
      order,
      startedAt,
      startupMs: 0,
      durationMs: startMs,
      stopMs: 0,
      windows,
      telemetry: null,
      findings: [],
    },
    requests,
  }
}

function moved(request: RequestDetail['requests'][number], byMs: number): RequestDetail['requests'][number] {
  const move = (timeMs: number | null) => (timeMs === null ? null : timeMs + byMs)
  return {
    ...request,
    scheduledMs: request.scheduledMs + byMs,
    sentMs: move(request.sentMs),
    firstByteMs: move(request.firstByteMs),
    firstTokenMs: move(request.firstTokenMs),
    lastTokenMs: move(request.lastTokenMs),
    endMs: move(request.endMs),
  }
}

/** The whole load is there from the first request on; it begins to run out when the last one has left. */
function windowOf(detail: RequestDetail, scenario: Scenario, startMs: number): ScenarioWindow {
  const lastSentMs = detail.requests.reduce((latest, { sentMs }) => Math.max(latest, sentMs ?? 0), 0)
  return {
    scenario: scenario.name,
    startMs,
    endMs: startMs + detail.windowMs,
    steadyStartMs: startMs,
    steadyEndMs: startMs + lastSentMs,
    peakInFlight: inFlightPeak(detail.requests),
    queuedRequests: 0,
    clientLagTailMs: 0,
    warmupRequests: detail.warmupRequests,
    warmupMs: 0,
    warmupFailures: [],
    eventLoopDelayP99Ms: 0,
    eventLoopDelayTailMs: 0,
    promptSource: 'unknown',
    countSource: 'unknown',
  }
}
