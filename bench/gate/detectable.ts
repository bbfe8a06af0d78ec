import { type GatedMetric, gatedMetrics, metrics } from '../../src/metrics/index.ts'
import type { CellVerdict } from '../../src/model/verdict.ts'
import { type Change, noChange } from './cases.ts'
import type { Environment } from './environments.ts'
import { Simulation } from './simulation.ts'
import { wilson } from './tally.ts'

const scopes = { one: 1, all: Number.POSITIVE_INFINITY } as const
export type Scope = keyof typeof scopes

/** How often a slowdown of the very size that a run says it would have caught is caught on its machine. */
export interface DetectableResult {
  readonly environment: string
  readonly metric: GatedMetric
  /** In one scenario, or in all of them. */
  readonly scope: Scope
  /** Runs that said a size. */
  readonly runs: number
  /** Sizes said, as fractions: 5, 50 and 95 of 100 runs say at most that. */
  readonly said: readonly [number, number, number]
  readonly fail: number
  readonly failBounds: readonly [number, number]
}

/**
 * Each run is a machine with its own window: a change without effect is judged first and says what would have been
 * caught; then a change of that size is judged on the same machine.
 */
export function checkDetectable(environment: Environment, runs: number, seed: number): DetectableResult[] {
  const cases = gatedMetrics.flatMap((metric) => (['one', 'all'] as const).map((scope) => ({ metric, scope })))
  const outcomes = cases.map(() => [] as { readonly said: number; readonly isCaught: boolean }[])
  for (let run = 0; run < runs; run++) {
    const machine = new Simulation(environment, seed + run)
    const window = machine.window()
    const { cells } = machine.judge(window, noChange).report
    for (const [index, { metric, scope }] of cases.entries()) {
      const said = sizeSaid(cells, metric, scope)
      if (said === null) continue
      const { report } = machine.judge(window, slowdown(metric, said, scope))
      outcomes[index]?.push({ said, isCaught: report.conclusion === 'regressed' })
    }
  }
  return cases.map(({ metric, scope }, index) => ({
    environment: environment.name,
    metric,
    scope,
    ...summarise(outcomes[index] ?? []),
  }))
}

function summarise(outcomes: readonly { readonly said: number; readonly isCaught: boolean }[]) {
  const runs = outcomes.length
  const sizes = outcomes.map(({ said }) => said).toSorted((a, b) => a - b)
  const at = (part: number) => sizes[Math.min(runs - 1, Math.floor(part * runs))] ?? Number.NaN
  const fail = outcomes.filter(({ isCaught }) => isCaught).length / runs
  return { runs, said: [at(0.05), at(0.5), at(0.95)] as const, fail, failBounds: wilson(fail, runs) }
}

/** As the report says it: of one scenario the weakest. */
function sizeSaid(cells: readonly CellVerdict[], metric: GatedMetric, scope: Scope): number | null {
  const sizes = cells
    .filter((cell) => cell.metric === metric && (cell.scenario === null) === (scope === 'all'))
    .map(({ mde }) => mde)
  const known = sizes.filter((size) => size !== null)
  return known.length > 0 && known.length === sizes.length ? Math.max(...known) : null
}

function slowdown(metric: GatedMetric, size: number, scope: Scope): Change {
  const factor = metrics[metric].lowerIsBetter ? 1 + size : 1 - size
  const reach = { scenarios: scopes[scope] }
  return metric === 'latencyTail' ? { tail: factor, rate: 1, ...reach } : { tail: 1, rate: factor, ...reach }
}
