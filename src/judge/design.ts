import { type GatedMetric, gatedMetrics, metrics } from '../metrics/index.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { Scenario } from '../model/scenario.ts'
import { shardName } from '../model/shard.ts'
import { plural } from '../model/words.ts'
import { anchorScatter } from './anchor.ts'
import { type Cell, cellsOf, isSameCell, singlesOf } from './cells.ts'
import { comparableWindow } from './comparable-window.ts'
import { detectable } from './detectable.ts'
import { creepNotes } from './level-notes.ts'
import { fewestConvicting, type Look, looksAt, plannedLooks, plannedPairs } from './looks.ts'
import { passMinutes } from './pass-minutes.ts'
import { chooseScreenTrials, type DesignContext, expectedPasses, suspicionOfAny } from './screen-choice.ts'
import { toFractionSlower } from './slowness.ts'
import { pairPrior, predictiveError } from './window-noise.ts'
import { percent } from './wording.ts'

/** How this runner and matrix will be judged, and what that costs and sees. */
export interface DesignPlan {
  readonly first: 'screen' | 'pairs'
  /** Head trials of the screen; 0 without one. */
  readonly screenTrials: number
  readonly why: string
  /** In passes: a trial of the whole matrix is one. `noOp` is the mean for a change without effect; null: unknown. */
  readonly passes: { readonly noOp: number | null; readonly worst: number }
  /** How long one pass takes; null: unknown. */
  readonly minutesPerPass: number | null
  /** Pairs that the time budget is enough for, at most those of the policy; null: unknown. */
  readonly pairsInBudget: number | null
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
  const { window: comparable, noises, anchors, obstacle } = comparableWindow(window, scenarios, cells, policy.shard)
  const context: DesignContext = { cells, noises, anchors, policy }
  const screenTrials = obstacle ? 0 : chooseScreenTrials(context)
  const why = obstacle ?? reasonFor(context, screenTrials)
  const passes = {
    noOp: expectedPasses(context, screenTrials),
    worst: screenTrials + 2 * plannedPairs(policy.maxPairs),
  }
  const minutesPerPass = passMinutes(comparable, scenarios)
  const pairsInBudget = pairsWithin(policy, screenTrials, minutesPerPass)
  // What the time is not enough for is not promised.
  const looks = pairsInBudget === null ? plannedLooks(policy) : looksAt(policy, pairsInBudget, true)
  const detectable = Object.fromEntries(
    gatedMetrics.map((metric) => [metric, detectableOf(context, metric, screenTrials, looks)]),
  ) as DesignPlan['detectable']
  const first = screenTrials > 0 ? 'screen' : 'pairs'
  const plan = { first, screenTrials, why, passes, minutesPerPass, pairsInBudget, detectable } as const
  const text = [describe(context, plan), ...creepNotes(window, scenarios, policy)].join('\n')
  return { ...plan, text }
}

function detectableOf(context: DesignContext, metric: GatedMetric, screenTrials: number, looks: readonly Look[]) {
  const of = (cell: Cell) => detectableIn(context, cell, screenTrials, looks)
  const ones = singlesOf(context.cells, metric).map(of)
  const all = context.cells.find((cell) => isSameCell(cell, { scenario: null, metric }))
  return {
    one: ones.some((value) => value === null) ? null : Math.max(...(ones as number[])),
    all: all ? of(all) : null,
  }
}

function detectableIn(
  { noises, anchors, cells }: DesignContext,
  cell: Cell,
  screenTrials: number,
  looks: readonly Look[],
): number | null {
  const noise = noises.get(cell.key)
  const prior = pairPrior(noise)
  if (!noise || prior.degrees === 0) return null
  const anchor = anchors.get(cell.key)
  const slow = detectable(cell, looks, {
    pairDeviation: Math.sqrt(prior.value),
    priorDegrees: prior.degrees,
    family: cells.length,
    anchor: anchor ? anchorScatter(anchor) : null,
    screen: screenTrials > 0 ? predictiveError(noise, screenTrials) : null,
  })
  return slow === null ? null : toFractionSlower(cell.metric, slow)
}

function reasonFor(context: DesignContext, screenTrials: number): string {
  const trials = screenTrials || Math.max(1, context.policy.trials)
  const suspected = percent(suspicionOfAny(context, trials), 'unsigned')
  return screenTrials > 0
    ? `This runner is quiet enough for a screen: ${plural(trials, 'head trial')} against the baseline would suspect an unchanged server in at most ${suspected} of all runs.`
    : `This runner drifts too much between jobs for a screen (${plural(trials, 'head trial')} would suspect an unchanged server in up to ${suspected} of all runs): pairs at once.`
}

/** Pairs that are over before the budget is, the largest design there is otherwise. */
function pairsWithin(policy: GatePolicy, screenTrials: number, minutesPerPass: number | null): number | null {
  if (minutesPerPass === null) return null
  const pairs = Math.floor((policy.budgetMinutes / minutesPerPass - screenTrials) / 2)
  return Math.max(0, Math.min(pairs, plannedPairs(policy.maxPairs)))
}

function describe(context: DesignContext, plan: Omit<DesignPlan, 'text'>): string {
  const { why, detectable } = plan
  const seen = gatedMetrics.map((metric) => {
    const { one, all } = detectable[metric]
    const parts = [one === null ? null : `${percent(one, 'unsigned')} in any one scenario`]
    if (all !== null) parts.push(`${percent(all, 'unsigned')} in all together`)
    return `${labelOf(context, metric)} ${parts.filter((part) => part !== null).join(', ') || 'unknown until measured'}`
  })
  return [
    why,
    describeCost(plan, context.policy),
    `Slowdowns caught 95 times in 100: ${seen.join('; ')}.`,
    ...budgetNote(context.policy, plan),
  ].join('\n')
}

function describeCost({ passes, minutesPerPass }: Omit<DesignPlan, 'text'>, { shard }: GatePolicy): string {
  const whole = shard ? `shard ${shardName(shard)}` : 'the matrix'
  const minutes = (passes: number) =>
    minutesPerPass === null ? '' : ` (${plural(Math.ceil(passes * minutesPerPass), 'minute')})`
  const noOp =
    passes.noOp === null ? 'unknown' : `about ${passes.noOp.toFixed(1)} passes of ${whole}${minutes(passes.noOp)}`
  return `Cost of a change without effect: ${noOp}; at most ${passes.worst} passes${minutes(passes.worst)}.`
}

/** What a budget that ends before the design does is worth. */
function budgetNote(policy: GatePolicy, { pairsInBudget }: Omit<DesignPlan, 'text'>): string[] {
  const planned = plannedPairs(policy.maxPairs)
  if (pairsInBudget === null || pairsInBudget >= planned) return []
  const fewest = fewestConvicting(policy) ?? planned
  const worth =
    pairsInBudget < fewest
      ? `fewer than the ${fewest} that can convict: no slowdown that needs pairs can be proven`
      : 'the sizes above are for these'
  return [
    `The budget of ${plural(policy.budgetMinutes, 'minute')} ends after ${pairsInBudget} of ${plural(planned, 'pair')}; ${worth}.`,
  ]
}

/** `P90 latency`, or `P90 latency or P99 latency` where scenarios support different percentiles. */
function labelOf(context: DesignContext, metric: GatedMetric): string {
  const cells = singlesOf(context.cells, metric)
  return [...new Set(cells.map(({ percentile }) => metrics[metric].label(percentile)))].join(' or ')
}
