import { harrellDavis, sortSample } from '../stats/harrell-davis.ts'
import type { MetricSample } from './definition.ts'

/** The median of some times of a sample; null where the sample has none such. */
export function medianOf(times: readonly number[] | null): number | null {
  return times && harrellDavis(sortSample(times), 0.5)
}

/** The same at the percentile of the sample's tail metrics. */
export function tailOf(times: readonly number[] | null, { percentile }: MetricSample): number | null {
  return times && harrellDavis(sortSample(times), percentile / 100)
}
