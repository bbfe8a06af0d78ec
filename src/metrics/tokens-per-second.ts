import type { MetricDefinition } from './definition.ts'
import { tokensWithin } from './throughput.ts'

/** Output tokens of the successful requests per second: the whole server, not one request. */
export const tokensPerSecond = {
  kind: 'gated',
  lowerIsBetter: false,
  unit: '/s',
  label: () => 'tokens/s',
  compute: tokensWithin,
} as const satisfies MetricDefinition
