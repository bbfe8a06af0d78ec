import { type AcceptedSlowdown, acceptedBy, covers, scopeOf } from '../model/accepted.ts'
import type { CellVerdict } from '../model/verdict.ts'
import { plural } from '../model/words.ts'
import { type Cell, cellsOf, isSameCell } from './cells.ts'
import { confirm, type Decision, decidingEffect } from './confirm.ts'
import type { DecisionInput } from './decide.ts'
import { halfWidth95 } from './effect.ts'
import type { Pair } from './pairs.ts'
import { toChange } from './slowness.ts'
import { changeWithInterval } from './wording.ts'

type Judged = Pick<DecisionInput, 'scenarios' | 'policy' | 'final' | 'accepted'>

/**
 * Turns proven slowdowns that the team takes on purpose into `accepted`, and nothing else: what is invalid, missing or
 * undecided stays so, and nothing is measured or tested differently.
 *
 * All scenarios together are a row of their own. Accepting `all` covers it. Accepting some scenarios covers it only as
 * far as they are its cause: the others together are judged by the very pairs that convicted it and by its own rules. If
 * they are cleared, the accepted ones explain all of it; if they are slower too, it stays red; if neither can be shown,
 * that is undecided. Without this, whoever takes one large slowdown would have to accept everything to become green.
 */
export function acceptSlowdowns(
  rows: readonly CellVerdict[],
  judged: Judged,
  pairs: readonly Pair[],
): { readonly rows: readonly CellVerdict[]; readonly notes: readonly string[] } {
  const accepted = judged.accepted ?? []
  const slower = rows.filter(({ verdict }) => verdict === 'regressed')
  const taken = rows.map((row) => (slower.includes(row) ? takeRow(row, slower, judged, pairs) : row))
  return { rows: taken, notes: idleNotes(accepted, taken) }
}

/** Tells of each acceptance that no row rests on. */
export function idleNotes(accepted: readonly AcceptedSlowdown[], rows: readonly CellVerdict[]): string[] {
  const used = new Set(rows.flatMap((row) => row.accepted ?? []))
  return accepted.filter((one) => !used.has(one)).map(idleNote)
}

function takeRow(
  row: CellVerdict,
  slower: readonly CellVerdict[],
  judged: Judged,
  pairs: readonly Pair[],
): CellVerdict {
  const covering = judged.accepted?.find((one) => covers(one, row))
  if (covering) return asAccepted(row, covering)
  const accepted = (judged.accepted ?? []).filter(({ metric }) => metric === null || metric === row.metric)
  const others = judged.scenarios.filter(({ name }) => !accepted.some(({ scenario }) => scenario === name))
  if (row.scenario !== null || others.length === judged.scenarios.length) return row
  const isSlower = ({ scenario }: AcceptedSlowdown) =>
    slower.some((other) => isSameCell(other, { scenario, metric: row.metric }))
  const cause = accepted.find(isSlower) ?? accepted[0]
  return cause ? takeTogether(row, cause, { ...judged, scenarios: others }, pairs) : row
}

/** The row of all scenarios together where some of them, but not all, are accepted; `judged` holds the others alone. */
function takeTogether(row: CellVerdict, cause: AcceptedSlowdown, judged: Judged, pairs: readonly Pair[]): CellVerdict {
  const { scenarios, policy } = judged
  const rest = cellsOf(scenarios, policy).find((cell) => isSameCell(cell, { scenario: null, metric: row.metric }))
  // Of one scenario there is no "all together": its own row answers for it.
  if (!rest) return asAccepted(row, cause, 'Each other scenario has a row of its own.')
  const decision = judgeRest(rest, judged, pairs.slice(0, row.pairs))
  const seen = describeRest(rest, decision)
  switch (decision?.verdict) {
    case 'unchanged':
    case 'improved':
      return asAccepted(row, cause, `The other ${plural(scenarios.length, 'scenario')} together are not slower${seen}.`)
    case 'regressed':
      return { ...row, reason: `${row.reason} What was accepted is not all of it: the others are slower too${seen}.` }
    default: {
      const open = `Part of it was accepted; whether the others together are slower too was not decided${seen}.`
      return { ...row, verdict: 'inconclusive', reason: `${open} ${row.reason}` }
    }
  }
}

function judgeRest(rest: Cell, { policy, final }: Judged, pairs: readonly Pair[]): Decision | undefined {
  return confirm({ cells: [rest], pairs, priors: new Map(), anchors: new Map(), policy, final }).get(rest.key)
}

function describeRest({ metric }: Cell, decision: Decision | undefined): string {
  const effect = decision && decidingEffect(decision)
  return effect ? `, ${changeWithInterval(toChange(metric, effect.estimate, halfWidth95(effect)))}` : ''
}

function asAccepted(row: CellVerdict, accepted: AcceptedSlowdown, why?: string): CellVerdict {
  const sentences = [`Accepted by ${acceptedBy(accepted)}`, ...(why ? [why] : []), row.reason]
  return { ...row, verdict: 'accepted', accepted, reason: sentences.join(' ') }
}

function idleNote(accepted: AcceptedSlowdown): string {
  return `"${scopeOf(accepted)}" was accepted (${accepted.source}), but no row that it covers is a proven slowdown: it changed nothing.`
}
