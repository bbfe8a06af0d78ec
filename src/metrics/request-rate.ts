import type { MetricDefinition } from './definition.ts'
import { requestsWithin } from './throughput.ts'

/** Successful requests per second. */
export const requestRate = {
  kind: 'shown',
  lowerIsBetter: false,
  unit: '/s',
  label: () => 'request rate',
  compute: (sample) => requestsWithin(sample),
} as const satisfies MetricDefinition
