import { type GatedMetric, gatedMetrics, metrics } from '../metrics/index.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { Scenario } from '../model/scenario.ts'
import { type Cell, cellsOf } from './cells.ts'
import { comparableWindow } from './comparable-window.ts'
import { detectableByPairs, detectableByScreen } from './detectable.ts'
import { plannedLooks } from './looks.ts'
import { chooseScreenTrials, type DesignContext, expectedPasses, suspicionOfAny } from './screen-choice.ts'
import { toFractionSlower } from './slowness.ts'
import { pairPrior, predictiveError } from './window-noise.ts'
import { count, percent } from './wording.ts'

/** How this runner and matrix will be judged, and what that costs and sees. */
export interface DesignPlan {
  readonly first: 'screen' | 'pairs'
  /** Head trials of the screen; 0 without one. */
  readonly screenTrials: number
  readonly why: string
  /** In passes: a trial of the whole matrix is one. `noOp` is the mean for a change without effect; null: unknown. */
  readonly passes: { readonly noOp: number | null; readonly worst: number }
  /** Slowdown caught 95 times in 100, as a fraction; of the noisiest scenario, and of all together. Null: unknown. */
  readonly detectable: Readonly<Record<GatedMetric, { readonly one: number | null; readonly all: number | null }>>
  /** All of this for a person. */
  readonly text: string
}

export interface DesignInput {
  readonly window: BaselineWindow | null
  readonly scenarios: readonly Scenario[]
  readonly policy: GatePolicy
}

/** Chooses the cheapest design that keeps the promise on this runner, from the noise that its window shows. */
export function planDesign({ window, scenarios, policy }: DesignInput): DesignPlan {
  const cells = cellsOf(scenarios, policy)
  const { noises, obstacle } = comparableWindow(window, scenarios, cells)
  const context: DesignContext = { cells, noises, policy }
  const screenTrials = obstacle ? 0 : chooseScreenTrials(context)
  const why = obstacle ?? reasonFor(context, screenTrials)
  const passes = {
    noOp: expectedPasses(context, screenTrials),
    worst: screenTrials + 2 * (plannedLooks(policy.maxPairs).at(-1)?.pairs ?? 0),
  }
  const detectable = Object.fromEntries(
    gatedMetrics.map((metric) => [metric, detectableOf(context, metric, screenTrials)]),
  ) as DesignPlan['detectable']
  const first = screenTrials > 0 ? 'screen' : 'pairs'
  return { first, screenTrials, why, passes, detectable, text: describe(context, { why, passes, detectable }) }
}

function detectableOf(context: DesignContext, metric: GatedMetric, screenTrials: number) {
  const cells = context.cells.filter((cell) => cell.metric === metric)
  const ones = cells
    .filter(({ scenario }) => scenario !== null)
    .map((cell) => detectableIn(context, cell, screenTrials))
  const all = cells.find(({ scenario }) => scenario === null)
  return {
    one: ones.some((value) => value === null) ? null : Math.max(...(ones as number[])),
    all: all ? detectableIn(context, all, screenTrials) : null,
  }
}

function detectableIn({ noises, cells, policy }: DesignContext, cell: Cell, screenTrials: number): number | null {
  const noise = noises.get(cell.key)
  const prior = pairPrior(noise)
  if (!noise || prior.degrees === 0) return null
  const pairDeviation = Math.sqrt(prior.value)
  const byPairs = detectableByPairs(cell, policy.maxPairs, {
    pairDeviation,
    degrees: prior.degrees,
    family: cells.length,
  })
  const error = screenTrials > 0 ? predictiveError(noise, screenTrials) : null
  return byPairs && toFractionSlower(cell.metric, Math.max(byPairs, error ? detectableByScreen(cell, error) : 0))
}

function reasonFor(context: DesignContext, screenTrials: number): string {
  const trials = screenTrials || Math.max(1, context.policy.trials)
  const suspected = percent(suspicionOfAny(context, trials), 'unsigned')
  return screenTrials > 0
    ? `This runner is quiet enough for a screen: ${count(trials, 'head trial')} against the baseline would suspect an unchanged server in at most ${suspected} of all runs.`
    : `This runner drifts too much between jobs for a screen (${count(trials, 'head trial')} would suspect an unchanged server in up to ${suspected} of all runs): pairs at once.`
}

function describe(
  context: DesignContext,
  { why, passes, detectable }: Pick<DesignPlan, 'why' | 'passes' | 'detectable'>,
): string {
  const cost = passes.noOp === null ? 'unknown' : `about ${passes.noOp.toFixed(1)}`
  const seen = gatedMetrics.map((metric) => {
    const { one, all } = detectable[metric]
    const parts = [one === null ? null : `${percent(one, 'unsigned')} in one scenario`]
    if (all !== null) parts.push(`${percent(all, 'unsigned')} in all`)
    return `${labelOf(context, metric)} ${parts.filter((part) => part !== null).join(', ') || 'unknown until measured'}`
  })
  return [
    why,
    `Cost: ${cost} passes of the matrix for a change without effect, ${passes.worst} at most.`,
    `Slowdowns caught 95 times in 100: ${seen.join('; ')}.`,
  ].join('\n')
}

/** `P90 latency`, or `P90 latency or P99 latency` where scenarios support different percentiles. */
function labelOf(context: DesignContext, metric: GatedMetric): string {
  const cells = context.cells.filter((cell) => cell.metric === metric && cell.scenario !== null)
  return [...new Set(cells.map(({ percentile }) => metrics[metric].label(percentile)))].join(' or ')
}
