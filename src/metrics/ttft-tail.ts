import { harrellDavis, sortSample } from '../stats/harrell-davis.ts'
import type { MetricDefinition } from './definition.ts'
import { firstTokenDelaysMs } from './request-times.ts'

/** Tail of the time to first token: from the request to the first event with text. Streaming only. */
export const ttftTail = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  label: (percentile) => `P${percentile} TTFT`,
  compute: (sample) => {
    const delays = firstTokenDelaysMs(sample)
    return delays && harrellDavis(sortSample(delays), sample.percentile / 100)
  },
} as const satisfies MetricDefinition
