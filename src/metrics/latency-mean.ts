import { mean } from 'simple-statistics'
import type { MetricDefinition } from './definition.ts'
import { latenciesMs } from './request-times.ts'

/** Means add up, percentiles do not: the parts of a change in mean latency are its parts in prefill and decode. */
export const latencyMean = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  label: () => 'mean latency',
  compute: (sample) => mean(latenciesMs(sample)),
} as const satisfies MetricDefinition
