import type { MetricDefinition } from './definition.ts'
import { medianOf } from './quantiles.ts'
import { firstTokenDelaysMs } from './request-times.ts'

/** Median time to first token: from the request to the first event with text. Streaming only. */
export const ttftMedian = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  label: () => 'median TTFT',
  compute: (sample) => medianOf(firstTokenDelaysMs(sample)),
} as const satisfies MetricDefinition
