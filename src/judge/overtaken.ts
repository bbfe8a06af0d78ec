import { type AcceptedSlowdown, covers } from '../model/accepted.ts'
import { type Cell, keyOf } from './cells.ts'
import type { Decision } from './confirm.ts'
import type { NullControl } from './null-control.ts'

/** Scenarios of "all together" that are proven slower on their own, in the same metric; none for a single scenario. */
export function provenWithin(cell: Cell, decisions: ReadonlyMap<string, Decision>): string[] {
  if (cell.scenario !== null) return []
  const isProven = (scenario: string) => decisions.get(keyOf({ ...cell, scenario }))?.verdict === 'regressed'
  return cell.members.filter(isProven)
}

/** What a run has shown and been told so far. */
interface Shown {
  readonly decisions: ReadonlyMap<string, Decision>
  readonly nullControl: NullControl | null
  readonly input: { readonly accepted?: readonly AcceptedSlowdown[] }
}

/**
 * The scenarios that make it needless to pursue "all together": proven slower on their own, and accepted by nobody. The
 * verdict is then the same whatever all of them come to, and further pairs would only cost machine time. None while the
 * null control fails: nothing that is proven can be believed then.
 */
export function overtakenBy(cell: Cell, { decisions, nullControl, input }: Shown): string[] {
  if (nullControl?.passed === false) return []
  const isTaken = (scenario: string) => input.accepted?.some((one) => covers(one, { scenario, metric: cell.metric }))
  return provenWithin(cell, decisions).filter((scenario) => !isTaken(scenario))
}
