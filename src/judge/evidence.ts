import { mean } from 'simple-statistics'
import type { Metric } from '../metrics/index.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { TrialEvidence } from '../model/trial.ts'
import { unknownVariance } from '../stats/moderated-variance.ts'
import { type Effect, effectOf } from './effect.ts'
import { hasFinding, type Pair, pairDifferences, present } from './pairs.ts'
import { slowness, toValue } from './slowness.ts'
import { cellNoise, predictiveError } from './window-noise.ts'

/** All that one run offers to compare head with base. */
export interface RunEvidence {
  readonly pairs: readonly Pair[]
  /** Head trials outside of pairs. */
  readonly screenTrials: readonly TrialEvidence[]
  /** Null where the baseline cannot be compared with. */
  readonly window: BaselineWindow | null
}

/** Both sides of one metric in the metric's own unit, and the effect between them. */
export interface Comparison {
  readonly base: number
  readonly head: number
  readonly effect: Effect
}

/**
 * Compares one metric of these scenarios as well as this run can: by the pairs that measured it, else by head trials
 * against the window. Null where neither exists, or where there is no telling how sure it is.
 */
export function compareMetric(run: RunEvidence, metric: Metric, members: readonly string[]): Comparison | null {
  const pairs = run.pairs.filter((pair) => pairDifferences([pair], metric, members)[0] !== null)
  const effect = effectOf(present(pairDifferences(pairs, metric, members)), unknownVariance)
  if (effect) return { ...sidesOfPairs(pairs, metric, members), effect }
  const noise = run.window && cellNoise(run.window, metric, members)
  const heads = run.screenTrials.filter((trial) => !hasFinding(trial, members))
  const values = present(heads.map((trial) => slowness(trial, metric, members)))
  const error = noise && predictiveError(noise, values.length)
  if (!noise || !error) return null
  const head = mean(values)
  const base = toValue(metric, noise.level)
  return { base, head: toValue(metric, head), effect: { estimate: head - noise.level, ...error } }
}

/** Geometric means of both sides over these pairs, which must all have measured the metric. */
export function sidesOfPairs(pairs: readonly Pair[], metric: Metric, members: readonly string[]) {
  const side = (name: 'base' | 'head') =>
    toValue(metric, mean(present(pairs.map((pair) => slowness(pair[name], metric, members)))))
  return { base: side('base'), head: side('head') }
}
