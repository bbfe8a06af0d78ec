import { type GatedMetric, gatedMetrics, type Metric, metrics } from '../metrics/index.ts'
import { supportedPercentile } from '../metrics/percentile.ts'
import type { GatePolicy, Margins } from '../model/policy.ts'
import type { Scenario } from '../model/scenario.ts'
import { fromFractionSlower } from './slowness.ts'

/** What is decided on: one gated metric of one scenario, or of all scenarios together. */
export interface Cell {
  readonly key: string
  /** Null: all scenarios together. */
  readonly scenario: string | null
  readonly metric: GatedMetric
  /** Scenarios whose geometric mean it is. */
  readonly members: readonly string[]
  readonly percentile: number
  /** As in the policy. */
  readonly margin: number
  /** Margin and promised effect as slowness. */
  readonly marginLog: number
  readonly promisedLog: number
}

const marginNames = {
  latencyTail: { one: 'latencyTail', all: 'latencyTailAll' },
  tokensPerSecond: { one: 'tokensPerSecond', all: 'tokensPerSecondAll' },
} as const satisfies Record<GatedMetric, { one: keyof Margins; all: keyof Margins }>

/** Percentile of a scenario too small for any: its measurement is invalid anyway. */
const lowestPercentile = 50

/**
 * Every cell of the matrix. "All scenarios together" only exists from two scenarios on: of one, it would be the same
 * numbers again under a tighter margin.
 */
export function cellsOf(scenarios: readonly Scenario[], policy: GatePolicy): Cell[] {
  return gatedMetrics.flatMap((metric) => {
    const ones = scenarios.map((scenario) => makeCell(metric, scenario.name, [scenario], policy))
    return scenarios.length > 1 ? [...ones, makeCell(metric, null, scenarios, policy)] : ones
  })
}

function makeCell(
  metric: GatedMetric,
  scenario: string | null,
  members: readonly Scenario[],
  { margins }: GatePolicy,
): Cell {
  const margin = margins[marginNames[metric][scenario === null ? 'all' : 'one']]
  return {
    key: keyOf({ metric, scenario }),
    scenario,
    metric,
    members: members.map(({ name }) => name),
    percentile: Math.min(...members.map(({ requests }) => supportedPercentile(requests) ?? lowestPercentile)),
    ...demandsOf(metric, margin),
  }
}

export function keyOf({ metric, scenario }: Place): string {
  return `${metric} ${scenario ?? '(all scenarios)'}`
}

/** The cells of a metric that are single scenarios. */
export function singlesOf(cells: readonly Cell[], metric: Metric): Cell[] {
  return cells.filter((cell) => cell.scenario !== null && cell.metric === metric)
}

/** True when both are of the same metric and scenario (null: of all scenarios together). */
export function isSameCell(a: Place, b: Place): boolean {
  return a.scenario === b.scenario && a.metric === b.metric
}

type Place = Pick<Cell, 'scenario' | 'metric'>

/** The cell under another margin. */
export function withMargin(cell: Cell, margin: number): Cell {
  return { ...cell, ...demandsOf(cell.metric, margin) }
}

function demandsOf(metric: GatedMetric, margin: number) {
  return {
    margin,
    marginLog: fromFractionSlower(metric, margin),
    promisedLog: fromFractionSlower(metric, promisedEffect(metric, margin)),
  }
}

/**
 * The slowdown that is promised to be caught: twice the margin. A rate cannot fall by 100 %: a very wide margin promises
 * no more than half of what it leaves.
 */
export function promisedEffect(metric: GatedMetric, margin: number): number {
  return metrics[metric].lowerIsBetter ? 2 * margin : Math.min(2 * margin, (1 + margin) / 2)
}
