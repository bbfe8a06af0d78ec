import type { MetricDefinition } from './definition.ts'
import { tailOf } from './quantiles.ts'
import { latenciesMs } from './request-times.ts'

/** Tail latency of an open loop as the server saw it: the wait before sending is left out. */
export const latencySentTail = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  label: (percentile) => `P${percentile} latency from sending`,
  compute: (sample) => (sample.plannedRate === null ? null : tailOf(latenciesMs(sample, 'sentMs'), sample)),
} as const satisfies MetricDefinition
