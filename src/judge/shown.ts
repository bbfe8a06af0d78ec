import { shownMetrics } from '../metrics/index.ts'
import type { Scenario } from '../model/scenario.ts'
import type { ShownChange } from '../model/verdict.ts'
import { halfWidth95 } from './effect.ts'
import { compareMetric, type RunEvidence } from './evidence.ts'
import { toChange } from './slowness.ts'

/** The changes of the metrics that do not gate, wherever both sides were measured. */
export function shownChanges(
  scenarios: readonly Scenario[],
  percentiles: ReadonlyMap<string, number>,
  run: RunEvidence,
): ShownChange[] {
  return scenarios.flatMap(({ name }) =>
    shownMetrics.flatMap((metric) => {
      const comparison = compareMetric(run, metric, [name])
      const percentile = percentiles.get(name)
      if (!comparison || percentile === undefined) return []
      const { base, head, effect } = comparison
      const change = toChange(metric, effect.estimate, halfWidth95(effect))
      return [{ scenario: name, metric, percentile, base, head, change }]
    }),
  )
}
