import { type Metric, metrics, type ScenarioMetrics } from '../metrics/index.ts'
import type { Change } from '../model/verdict.ts'

/** Anything that holds metrics by scenario name: a trial of this run or of the window. */
export interface Measured {
  readonly scenarios: Readonly<Record<string, ScenarioMetrics>>
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
    const scenario = Object.hasOwn(trial.scenarios, name) ? trial.scenarios[name] : undefined
    const value = scenario?.values[metric]
    if (value === undefined || value === null || !(value > 0 && value < Number.POSITIVE_INFINITY)) return null
    total += metrics[metric].lowerIsBetter ? Math.log(value) : -Math.log(value)
  }
  return members.length > 0 ? total / members.length : null
}

/** Back from slowness to the metric's own unit. */
export function toValue(metric: Metric, slow: number): number {
  return Math.exp(metrics[metric].lowerIsBetter ? slow : -slow)
}

/** A change of slowness and its bounds as a change in the metric's own direction, as a fraction of base. */
export function toChange(metric: Metric, estimate: number, halfWidth: number): Change {
  const low = estimate - halfWidth
  const high = estimate + halfWidth
  return metrics[metric].lowerIsBetter
    ? { estimate: Math.expm1(estimate), low: Math.expm1(low), high: Math.expm1(high) }
    : { estimate: Math.expm1(-estimate), low: Math.expm1(-high), high: Math.expm1(-low) }
}

/** A change of slowness as the fraction that a margin is given in: 10 % more latency, 5 % fewer tokens per second. */
export function toFractionSlower(metric: Metric, slow: number): number {
  return metrics[metric].lowerIsBetter ? Math.expm1(slow) : -Math.expm1(-slow)
}

/** The inverse of {@link toFractionSlower}. */
export function fromFractionSlower(metric: Metric, fraction: number): number {
  return metrics[metric].lowerIsBetter ? Math.log1p(fraction) : -Math.log1p(-fraction)
}
