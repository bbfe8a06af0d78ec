import { harrellDavis, sortSample } from '../stats/harrell-davis.ts'
import type { MetricDefinition } from './definition.ts'
import { firstTokenDelaysMs } from './request-times.ts'

/** Median time to first token: from the request to the first event with text. Streaming only. */
export const ttftMedian = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  label: () => 'median TTFT',
  compute: (sample) => {
    const delays = firstTokenDelaysMs(sample)
    return delays && harrellDavis(sortSample(delays), 0.5)
  },
} as const satisfies MetricDefinition
