import { describeSample, type RequestTimes, requestTimes } from './describe-sample.ts'
import type { ImportedMetric, ImportedRequest, Tool } from './imported.ts'
import { MetricList, type Term } from './metric-list.ts'

/** Where each of the three times stands in a file of single requests. */
export type TimePlaces = Readonly<Record<keyof RequestTimes, Term & { readonly field: string }>>

/** The statistics of a file that holds single requests and no summary of them. */
export function summariseRequests(
  tool: Tool,
  requests: readonly ImportedRequest[],
  places: TimePlaces,
): ImportedMetric[] {
  const list = new MetricList(tool, null)
  const times = requestTimes(requests)
  for (const [name, { field, ...term }] of Object.entries(places)) {
    const sample = times[name as keyof RequestTimes]
    for (const [statistic, value] of Object.entries(sample.length === 0 ? {} : describeSample(sample))) {
      list.add(term, { field, statistic, value, unit: 'ms' })
    }
  }
  return list.metrics
}
