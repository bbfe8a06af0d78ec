import { harrellDavis, sortSample } from '../stats/harrell-davis.ts'
import type { MetricDefinition } from './definition.ts'
import { latenciesMs } from './request-times.ts'

/** Half of the requests are answered within this time. */
export const latencyMedian = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  label: () => 'median latency',
  compute: (sample) => harrellDavis(sortSample(latenciesMs(sample)), 0.5),
} as const satisfies MetricDefinition
