import { mean } from 'simple-statistics'
import { type ShownMetric, shownMetrics } from '../metrics/index.ts'
import type { Scenario } from '../model/scenario.ts'
import type { TrialEvidence } from '../model/trial.ts'
import type { ShownChange } from '../model/verdict.ts'
import { halfWidth95 } from './effect.ts'
import { compareMetric, type RunEvidence } from './evidence.ts'
import { hasFinding } from './pairs.ts'
import { type Measured, measuredOf, toChange } from './slowness.ts'

/** The changes of the metrics that do not gate, wherever both sides were measured. */
export function shownChanges(
  scenarios: readonly Scenario[],
  percentiles: ReadonlyMap<string, number>,
  run: RunEvidence,
): ShownChange[] {
  return scenarios.flatMap(({ name }) =>
    shownMetrics.flatMap((metric) => {
      const percentile = percentiles.get(name)
      const compared = plainMeans(run, metric, name) ?? asRatio(run, metric, name)
      return compared && percentile !== undefined ? [{ scenario: name, metric, percentile, ...compared }] : []
    }),
  )
}

type Compared = Pick<ShownChange, 'base' | 'head' | 'change'>

function asRatio(run: RunEvidence, metric: ShownMetric, name: string): Compared | null {
  const comparison = compareMetric(run, metric, [name])
  if (!comparison) return null
  const { base, head, effect } = comparison
  return { base, head, change: toChange(metric, effect.estimate, halfWidth95(effect)) }
}

/**
 * Where a trial measured 0 (not one request met its SLOs, none had to queue) there is no ratio, and a mean of
 * logarithms would forget just that trial: both sides are plain means then, and of the change nothing is said.
 *
 * @returns null where no trial measured 0
 */
function plainMeans({ pairs, screenTrials, window }: RunEvidence, metric: ShownMetric, name: string): Compared | null {
  const isSound = (trial: TrialEvidence) => !hasFinding(trial, [name])
  const valuesOf = (trials: readonly Measured[]) =>
    trials.flatMap((trial) => measuredOf(trial, name)?.values[metric] ?? [])
  const sound = pairs.filter((pair) => isSound(pair.base) && isSound(pair.head))
  const ofPairs = valuesOf(sound.map((pair) => pair.base))
  const [base, head] =
    ofPairs.length > 0
      ? [ofPairs, valuesOf(sound.map((pair) => pair.head))]
      : [valuesOf((window?.jobs ?? []).flatMap(({ trials }) => trials)), valuesOf(screenTrials.filter(isSound))]
  const hasBoth = base.length > 0 && head.length > 0
  return hasBoth && [...base, ...head].includes(0) ? { base: mean(base), head: mean(head), change: null } : null
}
