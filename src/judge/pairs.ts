import type { Metric } from '../metrics/index.ts'
import type { TrialEvidence } from '../model/trial.ts'
import { slowness } from './slowness.ts'

/** One base and one head trial next to each other in time. */
export interface Pair {
  readonly base: TrialEvidence
  readonly head: TrialEvidence
}

/** True for a head trial outside of pairs. */
export function isScreenTrial({ side, pair }: TrialEvidence): boolean {
  return side === 'head' && pair === null
}

/** The complete pairs in the order of their numbers; a last one that lacks its second trial is left out. */
export function completePairs(trials: readonly TrialEvidence[]): Pair[] {
  const numbers = pairNumbers(trials)
  return numbers.flatMap((number) => {
    const both = trials.filter((trial) => trial.pair === number)
    const base = both.find((trial) => trial.side === 'base')
    const head = both.find((trial) => trial.side === 'head')
    return base && head ? [{ base, head }] : []
  })
}

/** Ascending, each once. */
export function pairNumbers(trials: readonly TrialEvidence[]): number[] {
  return [...new Set(trials.flatMap((trial) => trial.pair ?? []))].sort((a, b) => a - b)
}

/** True when something about these scenarios in this trial is known to be wrong. */
export function hasFinding(trial: TrialEvidence, members: readonly string[]): boolean {
  return trial.findings.some((finding) => finding.scenario === null || members.includes(finding.scenario))
}

/** How much slower head was than base in each pair; null for a pair that did not validly measure all of the members. */
export function pairDifferences(pairs: readonly Pair[], metric: Metric, members: readonly string[]): (number | null)[] {
  return pairs.map(({ base, head }) => {
    if (hasFinding(base, members) || hasFinding(head, members)) return null
    const from = slowness(base, metric, members)
    const to = slowness(head, metric, members)
    return from === null || to === null ? null : to - from
  })
}

/** The values without the absent ones. */
export function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null)
}
