import type { MetricDefinition } from './definition.ts'
import { medianOf } from './quantiles.ts'
import { queueDelaysMs } from './request-times.ts'

/** Median wait between the moment a request was due and its sending. Open loop only. */
export const queueDelayMedian = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  mayBeZero: true,
  label: () => 'median queue delay',
  compute: (sample) => medianOf(queueDelaysMs(sample)),
} as const satisfies MetricDefinition
