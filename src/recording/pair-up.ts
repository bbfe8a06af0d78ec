import { counts, type TrialEvidence } from '../model/trial.ts'

export interface PairedTrials {
  readonly trials: readonly TrialEvidence[]
  /** What the reader must know of how the sides were measured. */
  readonly notes: readonly string[]
}

/**
 * The trials of two recordings as one sequence. Recorded pairs stay as they are. Recordings that were made one after
 * the other have none: the k-th trial of each side then makes pair k, and the reader is told what that is worth.
 */
export function pairUp(allBase: readonly TrialEvidence[], allHead: readonly TrialEvidence[]): PairedTrials {
  const base = allBase.filter(counts)
  const head = allHead.filter(counts)
  const inOrder = (trials: readonly TrialEvidence[]) => [...trials].sort((a, b) => a.order - b.order)
  const isPaired = base.some(({ pair }) => pair !== null) || base.length === 0
  if (isPaired) return { trials: inOrder([...asSide(base, 'base'), ...asSide(head, 'head')]), notes: [] }
  const numbered = (trials: readonly TrialEvidence[], side: TrialEvidence['side']): TrialEvidence[] =>
    asSide(inOrder(trials), side).map((trial, index) => ({ ...trial, stage: 'pairs', pair: index }))
  return {
    trials: [...numbered(base, 'base'), ...numbered(head, 'head')],
    notes: [
      'The two sides were recorded one after the other, not in pairs: a drift of the machine between them would look like a change.',
    ],
  }
}

function asSide(trials: readonly TrialEvidence[], side: TrialEvidence['side']): TrialEvidence[] {
  return trials.map((trial) => ({ ...trial, side }))
}
