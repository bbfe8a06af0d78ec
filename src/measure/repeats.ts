import { counts, type TrialEvidence } from '../model/trial.ts'
import { plural } from '../model/words.ts'

/** What passes by itself: somebody used the machine for a moment. All else says something about the server. */
const passing: ReadonlySet<string> = new Set(['client-lag', 'client-rate', 'not-steady', 'gpu-throttled', 'gpu-shared'])

/** Repeats that every run may have, and how many sound trials earn it one more. */
const freeRepeats = 3
const trialsPerRepeat = 4

/**
 * Whether a trial may be run again instead of making the run invalid. Bounded, so that a machine which is always
 * disturbed is called that. Nothing measured decides here, only findings that neither side can earn by being slower.
 */
export function mayRepeat(trial: TrialEvidence, before: readonly TrialEvidence[]): boolean {
  if (trial.findings.length === 0 || !trial.findings.every(({ code }) => passing.has(code))) return false
  const repeated = before.length - before.filter(counts).length
  const sound = before.length - repeated
  return repeated < freeRepeats + Math.floor(sound / trialsPerRepeat)
}

/** For the report: what was run again, and why. */
export function repeatNotes(trials: readonly TrialEvidence[]): string[] {
  const discarded = trials.filter((trial) => !counts(trial))
  if (discarded.length === 0) return []
  const reasons = [...new Set(discarded.flatMap(({ findings }) => findings.map(({ code }) => code)))].join(', ')
  const were = discarded.length === 1 ? 'was' : 'were'
  return [
    `${plural(discarded.length, 'trial')} ${were} disturbed (${reasons}) and run again; the recording keeps what was discarded.`,
  ]
}
