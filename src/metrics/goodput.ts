import type { MetricDefinition, MetricSample } from './definition.ts'
import { firstTokenDelaysMs, latenciesMs, timePerTokenMs } from './request-times.ts'
import { requestsWithin } from './throughput.ts'

/** Successful requests per second that kept every objective. */
export const goodput = {
  kind: 'shown',
  lowerIsBetter: false,
  unit: '/s',
  mayBeZero: true,
  label: () => 'goodput',
  compute: (sample) => (sample.objectives === null ? null : requestsWithin(sample, goodRequests(sample))),
} as const satisfies MetricDefinition

/** An answer of one chunk has no time per token to keep; one without a first token has not kept its time. */
function goodRequests(sample: MetricSample) {
  const { ttftMs, tpotMs, latencyMs } = sample.objectives ?? { ttftMs: null, tpotMs: null, latencyMs: null }
  const latencies = latenciesMs(sample)
  const firstTokens = firstTokenDelaysMs(sample)
  const keeps = (value: number | undefined, limitMs: number | null) =>
    limitMs === null || (value !== undefined && value <= limitMs)
  return sample.requests.filter(
    (request, index) =>
      keeps(latencies[index], latencyMs) &&
      keeps(firstTokens?.[index], ttftMs) &&
      keeps(timePerTokenMs(request) ?? 0, tpotMs),
  )
}
