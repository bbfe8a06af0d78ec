import { ActionError } from '../errors.ts'
import type { RequestRecord } from '../model/request.ts'
import type { Scenario } from '../model/scenario.ts'
import type { MetricSample } from './definition.ts'
import { type Metric, metrics, type ScenarioMetrics } from './index.ts'
import { supportedPercentile } from './percentile.ts'

export { percentileFloor, supportedPercentile } from './percentile.ts'

/**
 * All metrics of one scenario in one trial.
 *
 * @param records every request of it, failed ones included, in the order of completion
 * @param window measured window, milliseconds since the start of the trial
 * @returns null when there is nothing to compute from: no request succeeded, or so few were planned that they support
 *   no percentile
 * @throws ActionError when a metric is not a positive, finite number: such a measurement is broken, however good it looks
 */
export function summariseScenario(
  records: readonly RequestRecord[],
  window: MetricSample['window'],
  scenario: Scenario,
): ScenarioMetrics | null {
  const requests = records.filter((record) => record.outcome === 'ok')
  const percentile = supportedPercentile(scenario.requests)
  if (requests.length === 0 || percentile === null) return null
  if (!(window.endMs > window.startMs)) {
    throw broken(scenario, `a measured window from ${window.startMs} to ${window.endMs} ms`)
  }
  const sample: MetricSample = { requests, window, percentile }
  const values = Object.fromEntries(
    Object.keys(metrics).map((name) => [name, computeMetric(name as Metric, sample, scenario)]),
  ) as Record<Metric, number | null>
  return { values, percentile, requests: requests.length, successRate: requests.length / records.length }
}

function computeMetric(name: Metric, sample: MetricSample, scenario: Scenario): number | null {
  const { compute, label, unit } = metrics[name]
  const value = compute(sample)
  if (value === null || (value > 0 && value < Number.POSITIVE_INFINITY)) return value
  throw broken(scenario, `${label(sample.percentile)} = ${value} ${unit}`)
}

function broken(scenario: Scenario, what: string): ActionError {
  return new ActionError(
    'invalid',
    `Scenario "${scenario.name}" came to ${what}; only a positive, finite number can be a measurement.`,
    'Look at the requests of this scenario in requests.jsonl: times or token counts are wrong. Then measure again.',
  )
}
