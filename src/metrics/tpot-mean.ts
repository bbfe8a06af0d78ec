import { mean } from 'simple-statistics'
import type { MetricDefinition } from './definition.ts'
import { timePerTokenMs } from './request-times.ts'

/** Mean time per output token after the first chunk, over the requests that have one. Streaming only. */
export const tpotMean = {
  kind: 'shown',
  lowerIsBetter: true,
  unit: 'ms',
  label: () => 'mean TPOT',
  compute: ({ requests }) => {
    const times = requests.map(timePerTokenMs).filter((time) => time !== null)
    // All text in one moment is not "infinitely fast": there is nothing to time.
    return times.some((time) => time !== 0) ? mean(times) : null
  },
} as const satisfies MetricDefinition
