import type { RequestRecord } from '../model/request.ts'

/** What a metric is computed from: one scenario of one trial. */
export interface MetricSample {
  /** Successful requests only, in the order of completion. */
  readonly requests: readonly RequestRecord[]
  /** Measured window, milliseconds since the start of the trial. */
  readonly window: { readonly startMs: number; readonly endMs: number }
  /** The percentile of tail metrics, in per cent: the highest that the planned number of requests supports. */
  readonly percentile: number
}

/** One metric: everything the product knows of it. Adding a metric is one such file and a line in index.ts. */
export interface MetricDefinition {
  /** Gated metrics can fail a pull request; shown metrics explain and diagnose. */
  readonly kind: 'gated' | 'shown'
  readonly lowerIsBetter: boolean
  readonly unit: 'ms' | '/s'
  /** The words of every report; a tail metric carries its percentile: `P99 latency`. */
  label(percentile: number): string
  /** Null when the metric does not exist for this sample (TTFT without streaming). NaN is a defect, never null. */
  compute(sample: MetricSample): number | null
}
