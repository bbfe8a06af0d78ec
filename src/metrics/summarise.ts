import { ActionError } from '../errors.ts'
import type { RequestRecord } from '../model/request.ts'
import type { Scenario } from '../model/scenario.ts'
import type { MetricDefinition, MetricSample } from './definition.ts'
import { isPossible, type Metric, metrics, type ScenarioMetrics } from './index.ts'
import { supportedPercentile } from './percentile.ts'
import { type MeasuredWindow, throughputSpan } from './throughput.ts'

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
  window: MeasuredWindow,
  scenario: Scenario,
): ScenarioMetrics | null {
  const requests = records.filter((record) => record.outcome === 'ok')
  const percentile = supportedPercentile(scenario.requests)
  if (requests.length === 0 || percentile === null) return null
  if (!isWindow(window)) {
    const { startMs, endMs, steadyStartMs, steadyEndMs } = window
    throw broken(
      scenario,
      `a measured window from ${startMs} to ${endMs} ms, steady from ${steadyStartMs} to ${steadyEndMs} ms`,
    )
  }
  const plannedRate = scenario.arrivals?.requestsPerSecond ?? null
  const { objectives } = scenario
  const span = throughputSpan(window)
  const sample: MetricSample = { requests, window, throughputSpan: span, plannedRate, objectives, percentile }
  const values = Object.fromEntries(
    Object.keys(metrics).map((name) => [name, computeMetric(name as Metric, sample, scenario)]),
  ) as Record<Metric, number | null>
  return { values, percentile, requests: requests.length, successRate: requests.length / records.length }
}

function isWindow({ startMs, endMs, steadyStartMs, steadyEndMs }: MeasuredWindow): boolean {
  return startMs < endMs && startMs <= steadyStartMs && steadyStartMs <= steadyEndMs && steadyEndMs <= endMs
}

function computeMetric(name: Metric, sample: MetricSample, scenario: Scenario): number | null {
  const { compute, label, unit }: MetricDefinition = metrics[name]
  const value = compute(sample)
  if (value === null || isPossible(name, value)) return value
  throw broken(scenario, `${label(sample.percentile)} = ${value} ${unit}`)
}

function broken(scenario: Scenario, what: string): ActionError {
  return new ActionError(
    'invalid',
    `Scenario "${scenario.name}" came to ${what}; only a positive, finite number can be a measurement.`,
    'Look at the requests of this scenario in requests.jsonl: times or token counts are wrong. Then measure again.',
  )
}
