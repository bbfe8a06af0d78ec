import type { ClientCalibration } from '../../model/calibration.ts'
import type { GatePolicy } from '../../model/policy.ts'
import type { ScenarioWindow } from '../../model/recording.ts'
import type { RequestRecord } from '../../model/request.ts'
import type { Scenario } from '../../model/scenario.ts'
import type { TelemetrySummary } from '../../model/telemetry.ts'
import type { Finding } from '../../model/trial.ts'

/** One scenario of one trial, as measured. */
export interface ValidityInput {
  readonly scenario: Scenario
  /** Every measured request, failed ones included. */
  readonly records: readonly RequestRecord[]
  readonly window: ScenarioWindow
  /** Of the whole trial; null when nothing was watched. */
  readonly telemetry: TelemetrySummary | null
  readonly policy: GatePolicy
  /** What our client was off by; null where another tool measured. */
  readonly calibration: ClientCalibration | null
}

/**
 * One reason not to believe a measurement; null when this reason does not apply. Limits are written so that NaN breaks
 * them: `!(value <= limit)`, never `value > limit`.
 */
export type ValidityRule = (input: ValidityInput) => Finding | null

/** Successful requests. */
export function succeeded(records: readonly RequestRecord[]): RequestRecord[] {
  return records.filter((record) => record.outcome === 'ok')
}

/** Latency of each request from its sending; NaN where a time is missing. */
export function latenciesMs(records: readonly RequestRecord[]): number[] {
  return records.map(({ sentMs, endMs }) => (endMs ?? Number.NaN) - (sentMs ?? Number.NaN))
}

/** A fraction as per cent for a message. */
export function percent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(3))} %`
}
