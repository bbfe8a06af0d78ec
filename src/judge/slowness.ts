import { type Metric, metrics, type ScenarioMetrics } from '../metrics/index.ts'
import type { Change } from '../model/verdict.ts'

/** Anything that holds metrics by scenario name: a trial of this run or of the window. */
export interface Measured {
  readonly scenarios: Readonly<Record<string, ScenarioMetrics>>
}

/** What a trial measured of a scenario, which may be called `constructor` like what every object inherits. */
export function measuredOf({ scenarios }: Measured, name: string): ScenarioMetrics | undefined {
  return Object.hasOwn(scenarios, name) ? scenarios[name] : undefined
}

/**
 * The unit of all decisions: the logarithm of a metric, turned so that more is slower. Differences of it are ratios, and
 * the mean over scenarios is a geometric mean.
 *
 * @param members names of the scenarios that are averaged; one for a scenario's own cell
 * @returns null when a scenario or its metric is absent or no positive, finite number
 */
export function slowness(trial: Measured, metric: Metric, members: readonly string[]): number | null {
  let total = 0
  for (const name of members) {
    const value = measuredOf(trial, name)?.values[metric]
    if (value === undefined || value === null || !(value > 0 && value < Number.POSITIVE_INFINITY)) return null
    total += fromValue(metric, value)
  }
  return members.length > 0 ? total / members.length : null
}

/** A value of the metric, above 0, as slowness. */
export function fromValue(metric: Metric, value: number): number {
  return metrics[metric].lowerIsBetter ? Math.log(value) : -Math.log(value)
}

/** The inverse of {@link fromValue}. */
export function toValue(metric: Metric, slow: number): number {
  return Math.exp(metrics[metric].lowerIsBetter ? slow : -slow)
}

/** A change of slowness and its bounds as a change in the metric's own direction, as a fraction of base. */
export function toChange(metric: Metric, estimate: number, halfWidth: number): Change {
  return toGrowth(metrics[metric].lowerIsBetter ? estimate : -estimate, halfWidth)
}

/** A difference of logarithms and its bounds as a change, as a fraction of base. */
export function toGrowth(estimate: number, halfWidth: number): Change {
  return {
    estimate: Math.expm1(estimate),
    low: Math.expm1(estimate - halfWidth),
    high: Math.expm1(estimate + halfWidth),
  }
}

/** A change of slowness as the fraction that a margin is given in: 10 % more latency, 5 % fewer tokens per second. */
export function toFractionSlower(metric: Metric, slow: number): number {
  return metrics[metric].lowerIsBetter ? Math.expm1(slow) : -Math.expm1(-slow)
}

/** The inverse of {@link toFractionSlower}. */
export function fromFractionSlower(metric: Metric, fraction: number): number {
  return metrics[metric].lowerIsBetter ? Math.log1p(fraction) : -Math.log1p(-fraction)
}
