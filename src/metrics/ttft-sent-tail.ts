import { harrellDavis, sortSample } from '../stats/harrell-davis.ts'
import type { MetricDefinition } from './definition.ts'
import { firstTokenDelaysMs } from './request-times.ts'

/** Tail of the time to first token of an open loop as the server saw it. Streaming only. */
export const ttftSentTail = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  label: (percentile) => `P${percentile} TTFT from sending`,
  compute: (sample) => {
    const delays = sample.plannedRate === null ? null : firstTokenDelaysMs(sample, 'sentMs')
    return delays && harrellDavis(sortSample(delays), sample.percentile / 100)
  },
} as const satisfies MetricDefinition
