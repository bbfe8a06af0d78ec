import type { MetricDefinition } from './definition.ts'
import { tailOf } from './quantiles.ts'
import { firstTokenDelaysMs } from './request-times.ts'

/** Tail of the time to first token of an open loop as the server saw it. Streaming only. */
export const ttftSentTail = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  label: (percentile) => `P${percentile} TTFT from sending`,
  compute: (sample) => (sample.plannedRate === null ? null : tailOf(firstTokenDelaysMs(sample, 'sentMs'), sample)),
} as const satisfies MetricDefinition
