import { median } from 'simple-statistics'
import type { SortedSample } from '../../src/stats/harrell-davis.ts'
import type { TailDesign } from './compare.ts'
import { tailEstimators } from './estimators/index.ts'

/** What one evaluation costs; what depends on the size of the sample alone is worked out before. */
export interface EstimatorCost extends TailDesign {
  readonly estimator: string
  readonly microseconds: number
}

const rounds = 50
/** So many in a row, since one alone is shorter than a clock can tell. */
const evaluations = 20

export function estimatorCosts(sample: SortedSample, percentile: number): EstimatorCost[] {
  const requests = sample.length
  return tailEstimators.map(({ name, prepare }) => {
    const estimate = prepare(requests, percentile / 100)
    const times = Array.from({ length: rounds }, () => {
      const startMs = performance.now()
      for (let evaluation = 0; evaluation < evaluations; evaluation++) estimate(sample)
      return (1000 * (performance.now() - startMs)) / evaluations
    })
    return { estimator: name, percentile, requests, microseconds: median(times) }
  })
}
