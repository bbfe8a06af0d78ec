import type { Scenario } from '../../model/scenario.ts'
import type { HttpRequest } from '../api/api.ts'
import type { Capture } from '../http/capture.ts'
import type { Departure, Phase, Shot } from './shot.ts'

/** What a closed and an open loop have in common. */
export interface LoopOptions {
  readonly scenario: Scenario
  readonly origin: string
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly nowMs: () => number
  /** False: each request gets a fresh connection. */
  readonly keepsConnections: boolean
  makeRequest(phase: Phase, index: number): HttpRequest
  /** Called right before the first measured request leaves. */
  onMeasuring(): void
  /**
   * Called once for each request, when no other request is kept waiting by looking into its answer.
   * @param departure null in a closed loop, where a request is due when it is sent
   */
  onSettled(shot: Shot, departure: Departure | null, capture: Capture): void
}

/** How the loop went. */
export interface LoopResult {
  readonly warmupRequests: number
  readonly peakInFlight: number
  /** Measured requests that had to wait for a connection. */
  readonly queuedRequests: number
  /** Zero of the schedule of the measured requests; null in a closed loop, or when it never came to that. */
  readonly scheduleStartMs: number | null
}
