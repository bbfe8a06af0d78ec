import type { RequestRecord } from '../model/request.ts'
import type { Objectives } from '../model/scenario.ts'

/** A stretch of time, milliseconds since the start of the trial. */
export interface Span {
  readonly startMs: number
  readonly endMs: number
}

/** What a metric is computed from: one scenario of one trial. */
export interface MetricSample {
  /** Successful requests only, in the order of completion. */
  readonly requests: readonly RequestRecord[]
  /** Measured window. */
  readonly window: Span
  /** Where throughput is counted: the steady part of the window, or the whole where that part is too short. */
  readonly throughputSpan: Span
  /** Planned requests per second of an open loop, whose latency counts from when a request was due; null: closed loop. */
  readonly plannedRate: number | null
  /** What a good request keeps; null: goodput is not asked for. */
  readonly objectives: Objectives | null
  /** The percentile of tail metrics, in per cent: the highest that the planned number of requests supports. */
  readonly percentile: number
}

/** One metric: everything the product knows of it. Adding a metric is one such file and a line in index.ts. */
export interface MetricDefinition {
  /** Gated metrics can fail a pull request; shown metrics explain and diagnose. */
  readonly kind: 'gated' | 'shown'
  readonly lowerIsBetter: boolean
  readonly unit: 'ms' | '/s'
  /** Left out: 0 is no measurement but a sign that something broke. */
  readonly mayBeZero?: true
  /** The words of every report; a tail metric carries its percentile: `P99 latency`. */
  label(percentile: number): string
  /** Null when the metric does not exist for this sample (TTFT without streaming). NaN is a defect, never null. */
  compute(sample: MetricSample): number | null
}
