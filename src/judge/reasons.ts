import type { GatePolicy } from '../model/policy.ts'
import { isSameScenario, type Scenario } from '../model/scenario.ts'
import type { Cell } from './cells.ts'
import { type Decision, decidingEffect } from './confirm.ts'
import { halfWidth95 } from './effect.ts'
import { clearingOf, plannedLooks } from './looks.ts'
import type { Screened } from './screen.ts'
import { suspicionLevel } from './screen.ts'
import { toChange, toFractionSlower } from './slowness.ts'
import { changeWithInterval, count, nameOf, percent } from './wording.ts'

/** One sentence for a person on each verdict, with the figures behind it. */

export function regressed(cell: Cell, decision: Decision): string {
  return `${figures(cell, decision)}: past the margin of ${marginOf(cell)}, and family-wise p = ${probability(decision.pValue)} is within the ${probability(decision.look.share)} of this look.`
}

export function improved(cell: Cell, decision: Decision): string {
  return `${figures(cell, decision)}: faster by more than the margin of ${marginOf(cell)}, family-wise p = ${probability(decision.pValue)}.`
}

export function unchanged(cell: Cell, decision: Decision): string {
  const confidence = percent(clearingOf(decision.look, cell), 'unsigned')
  return `${figures(cell, decision)}: a slowdown of ${promisedOf(cell)} is ruled out with ${confidence} confidence.`
}

export function untrusted(cell: Cell, decision: Decision): string {
  return `${figures(cell, decision)}, but base differed from base in this very job: a slowdown cannot be told from the machine. Measure again on an idle machine.`
}

/** @param final when more is to come, the cell is merely open */
export function undecided(cell: Cell, decision: Decision, policy: GatePolicy, final: boolean): string {
  if (!final && decision.look.pairs < lastPairs(policy)) return `${figures(cell, decision)}: not decided yet.`
  return `${figures(cell, decision)}: neither proves a slowdown past the margin of ${marginOf(cell)} nor rules out one of ${promisedOf(cell)}.`
}

export function unmeasured(cell: Cell, decision: Decision): string {
  const missing = decision.look.pairs - decision.differences.length
  return `${count(missing, 'pair')} of ${decision.look.pairs} did not measure ${nameOf(cell)} on both sides.`
}

export function cleared(cell: Cell, screened: Screened): string {
  const level = toFractionSlower(cell.metric, suspicionLevel(cell, screened))
  return `${count(screened.trials, 'head trial')} against the baseline: ${screenedChange(cell, screened)}; suspicious only from ${percent(level, 'unsigned')} slower on.`
}

export function unconfirmed(cell: Cell, screened: Screened): string {
  const suspicion =
    screened.suspect === null ? 'all scenarios together are suspicious' : `suspected to be ${screened.suspect}`
  return `${count(screened.trials, 'head trial')} against the baseline: ${screenedChange(cell, screened)}; ${suspicion}, not yet confirmed by pairs.`
}

export function uncompared(cell: Cell, isNew: boolean): string {
  return isNew
    ? `New in this change: neither the baseline nor a base trial has measured ${nameOf(cell)}.`
    : `Nothing to compare ${nameOf(cell)} with: no complete pair of base and head trials was measured.`
}

export function missing(scenario: Scenario, scenarios: readonly Scenario[]): string {
  const twin = scenarios.find((candidate) => isSameScenario({ ...candidate, name: scenario.name }, scenario))
  const renamed = twin ? ` "${twin.name}" is the same work under another name.` : ''
  return `The baseline has "${scenario.name}", this run does not measure it.${renamed} Keep it here, and change the matrix in a change of its own.`
}

function lastPairs(policy: GatePolicy): number {
  return plannedLooks(policy.maxPairs).at(-1)?.pairs ?? 0
}

function figures(cell: Cell, decision: Decision): string {
  const { look, anchored } = decision
  const effect = decidingEffect(decision)
  const sources =
    anchored && effect === anchored ? `${count(look.pairs, 'pair')} and the baseline` : count(look.pairs, 'pair')
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
