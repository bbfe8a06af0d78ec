import { sum } from 'simple-statistics'
import type { MetricDefinition } from './definition.ts'
import { required } from './request-times.ts'

/** Output tokens of the successful requests per second of the measured window: the whole server, not one request. */
export const tokensPerSecond = {
  kind: 'gated',
  lowerIsBetter: false,
  unit: '/s',
  label: () => 'tokens/s',
  compute: ({ requests, window }) =>
    (sum(requests.map((request) => required(request, 'outputTokens'))) * 1000) / (window.endMs - window.startMs),
} as const satisfies MetricDefinition
