import { harrellDavis, sortSample } from '../stats/harrell-davis.ts'
import type { MetricDefinition } from './definition.ts'
import { queueDelaysMs } from './request-times.ts'

/** Tail of the wait between the moment a request was due and its sending. Open loop only. */
export const queueDelayTail = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  mayBeZero: true,
  label: (percentile) => `P${percentile} queue delay`,
  compute: (sample) => {
    const delays = queueDelaysMs(sample)
    return delays && harrellDavis(sortSample(delays), sample.percentile / 100)
  },
} as const satisfies MetricDefinition
