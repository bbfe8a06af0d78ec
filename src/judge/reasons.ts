import type { GatePolicy } from '../model/policy.ts'
import { isSameScenario, type Scenario } from '../model/scenario.ts'
import { plural } from '../model/words.ts'
import type { Cell } from './cells.ts'
import { type Decision, decidingEffect } from './confirm.ts'
import { halfWidth95 } from './effect.ts'
import { clearingOf, plannedPairs } from './looks.ts'
import { type Screened, suspicionLevel } from './screen.ts'
import { toChange, toFractionSlower } from './slowness.ts'
import { changeWithInterval, nameOf, percent } from './wording.ts'

/** One sentence for a person on each verdict, with the figures behind it. */

export function regressed(cell: Cell, decision: Decision): string {
  return `${figures(cell, decision)}, past the margin of ${marginOf(cell)}; family-wise p = ${probability(decision.pValue)} is within the ${probability(decision.look.share)} allowed at this look.`
}

export function improved(cell: Cell, decision: Decision): string {
  return `${figures(cell, decision)}, faster by more than the margin of ${marginOf(cell)}; family-wise p = ${probability(decision.pValue)}.`
}

export function unchanged(cell: Cell, decision: Decision): string {
  const confidence = percent(clearingOf(decision.look, cell), 'unsigned')
  return `${figures(cell, decision)}: a slowdown of ${promisedOf(cell)} is ruled out with ${confidence} confidence.`
}

export function untrusted(cell: Cell, decision: Decision): string {
  return `${figures(cell, decision)}, but base differed from base in this very job: a slowdown cannot be told from the machine. Measure again on an idle machine.`
}

interface Undecided {
  readonly cell: Cell
  readonly overtakenBy: readonly string[]
  readonly policy: GatePolicy
  /** When more is to come, the cell is merely open. */
  readonly final: boolean
}

export function undecided(decision: Decision, { cell, overtakenBy: [proven], policy, final }: Undecided): string {
  const isLast = decision.look.pairs >= plannedPairs(policy.maxPairs)
  if (!isLast && proven !== undefined) {
    return `${figures(cell, decision)}: not pursued any further, since "${proven}" alone is proven slower.`
  }
  if (!isLast && !final) return `${figures(cell, decision)}: not decided yet.`
  return `${figures(cell, decision)}: this neither proves a slowdown past the margin of ${marginOf(cell)} nor rules out one of ${promisedOf(cell)}.`
}

export function unmeasured(cell: Cell, decision: Decision): string {
  const missing = decision.look.pairs - decision.differences.length
  return `${missing} of ${plural(decision.look.pairs, 'pair')} did not measure ${nameOf(cell)} on both sides.`
}

export function cleared(cell: Cell, screened: Screened): string {
  const level = toFractionSlower(cell.metric, suspicionLevel(cell, screened))
  return `${plural(screened.trials, 'head trial')} against the baseline: ${screenedChange(cell, screened)}; only a slowdown of ${percent(level, 'unsigned')} or more would be suspicious.`
}

export function unconfirmed(cell: Cell, screened: Screened): string {
  const suspicion =
    screened.suspect === null ? 'all scenarios together are suspicious' : `suspected to be ${screened.suspect}`
  return `${plural(screened.trials, 'head trial')} against the baseline: ${screenedChange(cell, screened)}; ${suspicion}, not yet confirmed by pairs.`
}

export function uncompared(cell: Cell, isNew: boolean): string {
  return isNew
    ? `New in this change: neither the baseline nor a base trial has measured ${nameOf(cell)}.`
    : `Nothing to compare ${nameOf(cell)} with: no complete pair of base and head trials was measured.`
}

export function missing(scenario: Scenario, scenarios: readonly Scenario[]): string {
  const twin = scenarios.find((candidate) => isSameScenario({ ...candidate, name: scenario.name }, scenario))
  const renamed = twin ? ` "${twin.name}" is the same work under another name.` : ''
  return `The baseline has "${scenario.name}", but this run does not measure it.${renamed} Keep it here, and change the matrix in a change of its own.`
}

function figures(cell: Cell, decision: Decision): string {
  const { look, anchored } = decision
  const effect = decidingEffect(decision)
  const sources =
    anchored && effect === anchored ? `${plural(look.pairs, 'pair')} and the baseline` : plural(look.pairs, 'pair')
  const seen = effect
    ? changeWithInterval(toChange(cell.metric, effect.estimate, halfWidth95(effect)))
    : 'a change of unknown certainty'
  return `${sources}: ${seen}`
}

function screenedChange(cell: Cell, screened: Screened): string {
  return changeWithInterval(toChange(cell.metric, screened.estimate, halfWidth95(screened)))
}

function marginOf(cell: Cell): string {
  return percent(cell.margin, 'unsigned')
}

function promisedOf(cell: Cell): string {
  return percent(toFractionSlower(cell.metric, cell.promisedLog), 'unsigned')
}

function probability(p: number | null): string {
  return p === null ? 'unknown' : p.toPrecision(2)
}
