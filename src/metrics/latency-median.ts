import type { MetricDefinition } from './definition.ts'
import { medianOf } from './quantiles.ts'
import { latenciesMs } from './request-times.ts'

/** Half of the requests are answered within this time. */
export const latencyMedian = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  label: () => 'median latency',
  compute: (sample) => medianOf(latenciesMs(sample)),
} as const satisfies MetricDefinition
