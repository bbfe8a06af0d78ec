import type { MetricDefinition } from './definition.ts'
import { tailOf } from './quantiles.ts'
import { firstTokenDelaysMs } from './request-times.ts'

/** Tail of the time to first token: from the request to the first event with text. Streaming only. */
export const ttftTail = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  label: (percentile) => `P${percentile} TTFT`,
  compute: (sample) => tailOf(firstTokenDelaysMs(sample), sample),
} as const satisfies MetricDefinition
