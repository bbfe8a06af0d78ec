import type { MetricDefinition } from './definition.ts'
import { tailOf } from './quantiles.ts'
import { latenciesMs } from './request-times.ts'

/** What the slowest requests of a scenario wait for: the highest percentile that the number of requests supports. */
export const latencyTail = {
  kind: 'gated',
  lowerIsBetter: true,
  unit: 'ms',
  label: (percentile) => `P${percentile} latency`,
  compute: (sample) => tailOf(latenciesMs(sample), sample),
} as const satisfies MetricDefinition
