import type { MetricDefinition } from './definition.ts'
import { achievedRate } from './throughput.ts'

/** Requests sent per second of an open loop: less than planned where they had to wait for a connection to the end. */
export const sendRate = {
  kind: 'shown',
  lowerIsBetter: false,
  unit: '/s',
  label: () => 'send rate',
  compute: ({ requests, window, plannedRate }) => (plannedRate === null ? null : achievedRate(requests, window)),
} as const satisfies MetricDefinition
