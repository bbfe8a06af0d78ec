import { type AcceptedSlowdown, covers } from '../model/accepted.ts'
import { type Cell, keyOf } from './cells.ts'
import type { Decision } from './confirm.ts'

/** Scenarios of "all together" that are proven slower on their own, in the same metric; none for a single scenario. */
export function provenWithin(cell: Cell, decisions: ReadonlyMap<string, Decision>): string[] {
  if (cell.scenario !== null) return []
  const isProven = (scenario: string) => decisions.get(keyOf({ ...cell, scenario }))?.verdict === 'regressed'
  return cell.members.filter(isProven)
}

/**
 * The scenarios that make it needless to pursue "all together": proven slower on their own, and accepted by nobody. The
 * verdict is then the same whatever all of them come to, and further pairs would only cost machine time.
 */
export function overtakenBy(
  cell: Cell,
  decisions: ReadonlyMap<string, Decision>,
  accepted: readonly AcceptedSlowdown[],
): string[] {
  const isTaken = (scenario: string) => accepted.some((one) => covers(one, { scenario, metric: cell.metric }))
  return provenWithin(cell, decisions).filter((scenario) => !isTaken(scenario))
}
