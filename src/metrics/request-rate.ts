import type { MetricDefinition } from './definition.ts'

/** Successful requests per second of the measured window. */
export const requestRate = {
  kind: 'shown',
  lowerIsBetter: false,
  unit: '/s',
  label: () => 'request rate',
  compute: ({ requests, window }) => (requests.length * 1000) / (window.endMs - window.startMs),
} as const satisfies MetricDefinition
