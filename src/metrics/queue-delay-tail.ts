import type { MetricDefinition } from './definition.ts'
import { tailOf } from './quantiles.ts'
import { queueDelaysMs } from './request-times.ts'

/** Tail of the wait between the moment a request was due and its sending. Open loop only. */
export const queueDelayTail = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  mayBeZero: true,
  label: (percentile) => `P${percentile} queue delay`,
  compute: (sample) => tailOf(queueDelaysMs(sample), sample),
} as const satisfies MetricDefinition
