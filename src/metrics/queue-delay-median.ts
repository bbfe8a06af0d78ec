import { harrellDavis, sortSample } from '../stats/harrell-davis.ts'
import type { MetricDefinition } from './definition.ts'
import { queueDelaysMs } from './request-times.ts'

/** Median wait between the moment a request was due and its sending. Open loop only. */
export const queueDelayMedian = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  mayBeZero: true,
  label: () => 'median queue delay',
  compute: (sample) => {
    const delays = queueDelaysMs(sample)
    return delays && harrellDavis(sortSample(delays), 0.5)
  },
} as const satisfies MetricDefinition
