import { metrics } from '../metrics/index.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Finding } from '../model/trial.ts'
import {
  type CellVerdict,
  type Conclusion,
  nothingMeasured,
  type Verdict,
  verdictsWorstFirst,
} from '../model/verdict.ts'
import { answerLength } from './answer-lengths.ts'
import { type Cell, cellsOf } from './cells.ts'
import { type Decision, decidingEffect } from './confirm.ts'
import { halfWidth95 } from './effect.ts'
import { sidesOfPairs } from './evidence.ts'
import type { Pair } from './pairs.ts'
import * as reasons from './reasons.ts'
import type { Screened } from './screen.ts'
import { toChange, toValue } from './slowness.ts'

/** What is known of one cell when its row is written. */
export interface CellState {
  readonly cell: Cell
  readonly screened: Screened | null
  readonly decision: Decision | null
  /** Scenarios that made it needless to pursue the cell. */
  readonly overtakenBy: readonly string[]
  /** True when pairs must decide it. */
  readonly needsPairs: boolean
  readonly problem: Finding | null
  /** The null control failed: no slowdown of this job can be believed. */
  readonly untrusted: boolean
  /** Scenarios of this cell that are new: no baseline has them, no base trial measured them. */
  readonly isNew: boolean
  readonly pairs: readonly Pair[]
  readonly policy: GatePolicy
  readonly final: boolean
}

/**
 * The row of one cell. A proven slowdown stands whatever broke after it, unless the sides did other work, which proves
 * nothing; anything else that broke is invalid.
 */
export function rowOf(state: CellState): CellVerdict {
  const { decision, problem, needsPairs, screened } = state
  if (problem?.code === answerLength) return emptyRow(state.cell, 'invalid', problem.message)
  if (decision?.verdict === 'regressed') {
    return state.untrusted
      ? pairRow(state, decision, 'inconclusive', reasons.untrusted(state.cell, decision))
      : pairRow(state, decision, 'regressed', reasons.regressed(state.cell, decision))
  }
  if (problem) return emptyRow(state.cell, 'invalid', problem.message)
  if (decision?.verdict === 'invalid') return emptyRow(state.cell, 'invalid', reasons.unmeasured(state.cell, decision))
  if (decision?.verdict) {
    const reason = decision.verdict === 'improved' ? reasons.improved : reasons.unchanged
    return pairRow(state, decision, decision.verdict, reason(state.cell, decision))
  }
  if (decision) return pairRow(state, decision, 'inconclusive', reasons.undecided(decision, state))
  if (screened && !needsPairs) return screenRow(state, screened, 'unchanged', reasons.cleared(state.cell, screened))
  if (screened) return screenRow(state, screened, 'inconclusive', reasons.unconfirmed(state.cell, screened))
  return emptyRow(state.cell, state.isNew ? 'new' : 'inconclusive', reasons.uncompared(state.cell, state.isNew))
}

function pairRow({ cell, pairs }: CellState, decision: Decision, verdict: Verdict, reason: string): CellVerdict {
  const used = pairs.slice(0, decision.look.pairs)
  const shown = decidingEffect(decision)
  return {
    ...emptyRow(cell, verdict, reason),
    ...sidesOfPairs(used, cell.metric, cell.members),
    change: shown && toChange(cell.metric, shown.estimate, halfWidth95(shown)),
    decidedBy: 'pairs',
    pairs: decision.differences.length,
    pValue: decision.pValue,
  }
}

function screenRow({ cell }: CellState, screened: Screened, verdict: Verdict, reason: string): CellVerdict {
  return {
    ...emptyRow(cell, verdict, reason),
    base: toValue(cell.metric, screened.level),
    head: toValue(cell.metric, screened.level + screened.estimate),
    change: toChange(cell.metric, screened.estimate, halfWidth95(screened)),
    decidedBy: verdict === 'unchanged' ? 'screen' : 'none',
  }
}

/** The row of a cell without figures: nothing that could be compared was measured. */
export function emptyRow(cell: Cell, verdict: Verdict, reason: string): CellVerdict {
  const { scenario, metric, percentile, margin } = cell
  return { ...nothingMeasured, scenario, metric, percentile, margin, verdict, reason }
}

/** Rows of what the baseline has and this run does not measure: removed or renamed, it is not judged, so not fine. */
export function missingRows(
  known: readonly Scenario[],
  scenarios: readonly Scenario[],
  policy: GatePolicy,
): CellVerdict[] {
  const missing = known.filter(({ name }) => !scenarios.some((scenario) => scenario.name === name))
  return missing.flatMap((scenario) =>
    cellsOf([scenario], policy).map((cell) => emptyRow(cell, 'missing', reasons.missing(scenario, scenarios))),
  )
}

/** Worst first; within a verdict the largest slowdown first. */
export function sortRows(rows: readonly CellVerdict[]): CellVerdict[] {
  const rank = (row: CellVerdict) => verdictsWorstFirst.indexOf(row.verdict)
  return rows.toSorted((a, b) => rank(a) - rank(b) || slowdown(b) - slowdown(a))
}

function slowdown({ metric, change }: CellVerdict): number {
  if (!change) return 0
  return metrics[metric].lowerIsBetter ? change.estimate : -change.estimate
}

const conclusions: Record<Verdict, Conclusion> = {
  regressed: 'regressed',
  invalid: 'invalid',
  missing: 'invalid',
  inconclusive: 'inconclusive',
  // Compared with nothing: that cannot be called fine.
  new: 'inconclusive',
  // Red without the team's word, which stands in the row.
  accepted: 'pass',
  improved: 'pass',
  unchanged: 'pass',
}

export function conclusionOf(overall: Verdict): Conclusion {
  return conclusions[overall]
}
