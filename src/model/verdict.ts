import type { GatedMetric, ShownMetric } from '../metrics/index.ts'
import type { AcceptedSlowdown } from './accepted.ts'
import type { OutputsComparison } from './outputs.ts'
import type { Shard } from './shard.ts'
import type { Finding } from './trial.ts'

/** Per scenario and metric, and overall (the worst of them). */
export type Verdict =
  | 'regressed'
  | 'invalid'
  | 'missing'
  | 'inconclusive'
  | 'new'
  /** A proven slowdown that the team takes on purpose. */
  | 'accepted'
  | 'improved'
  | 'unchanged'

/** Worst first. `regressed` before `invalid`: a proven slowdown stands, whatever else broke. */
export const verdictsWorstFirst: readonly Verdict[] = [
  'regressed',
  'invalid',
  'missing',
  'inconclusive',
  'new',
  'accepted',
  'improved',
  'unchanged',
]

/** The worst of them; of none `invalid`: nothing was judged. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return verdictsWorstFirst.find((verdict) => verdicts.includes(verdict)) ?? 'invalid'
}

/** What the check becomes. `missing` is invalid: something that should have been measured was not. */
export type Conclusion = 'pass' | 'regressed' | 'invalid' | 'inconclusive'

const conclusionsWorstFirst: readonly Conclusion[] = ['regressed', 'invalid', 'inconclusive', 'pass']

/** The worst of them, in the order of the verdicts; of none `invalid`. */
export function worstConclusion(conclusions: readonly Conclusion[]): Conclusion {
  return conclusionsWorstFirst.find((conclusion) => conclusions.includes(conclusion)) ?? 'invalid'
}

/** Change of a metric as a fraction of base: +0.12 = 12 % more. Interval at 95 %. */
export interface Change {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/** One row of the table: a scenario (or, with scenario null, all scenarios together) and a gated metric. */
export interface CellVerdict {
  readonly scenario: string | null
  /** With scenario null, where shards were merged: the shard whose scenarios stand together in this row. */
  readonly shard?: Shard | undefined
  readonly metric: GatedMetric
  /** Percentile of latencyTail, in per cent. */
  readonly percentile: number
  readonly verdict: Verdict
  /** Geometric means over the trials that decided; null when there are none. */
  readonly base: number | null
  readonly head: number | null
  readonly change: Change | null
  /** Which stage decided the cell. */
  readonly decidedBy: 'screen' | 'pairs' | 'none'
  readonly pairs: number
  /** Family-wise p value of the sign-flip max-T test; null when no pair was measured. */
  readonly pValue: number | null
  /** The margin, as a fraction in the metric's own direction: 0.1 = 10 % slower is still accepted. */
  readonly margin: number
  /** Minimum detectable effect, as a fraction slower; null when unknown. */
  readonly mde: number | null
  /** For a person: why this verdict. */
  readonly reason: string
  /** Who accepted the slowdown and why; there where, and only where, the verdict is `accepted`. */
  readonly accepted?: AcceptedSlowdown | undefined
  /** For a person: what it would take to decide the cell; null unless it is inconclusive for want of measurements. */
  readonly wouldDecide: string | null
}

/** The figures of a row that has none: broken, missing or new. */
export const nothingMeasured = {
  base: null,
  head: null,
  change: null,
  decidedBy: 'none',
  pairs: 0,
  pValue: null,
  mde: null,
  wouldDecide: null,
} as const satisfies Partial<CellVerdict>

/** Change of a metric that does not gate, for the folded part of the report. */
export interface ShownChange {
  readonly scenario: string
  readonly metric: ShownMetric
  readonly percentile: number
  readonly base: number
  readonly head: number
  /** Null where a trial measured 0, of which there is no ratio; `base` and `head` are plain means then. */
  readonly change: Change | null
}

export type Phase = 'queue' | 'prefill' | 'decode' | 'prefill and decode'

/** Which phase moved, for a scenario that regressed or improved. */
export interface Diagnosis {
  readonly scenario: string
  readonly phase: Phase
  /** One sentence with the figures behind it; names neither scenario nor phase. */
  readonly text: string
}

export interface JudgeReport {
  readonly overall: Verdict
  readonly conclusion: Conclusion
  /** Worst first. */
  readonly cells: readonly CellVerdict[]
  readonly shown: readonly ShownChange[]
  readonly diagnoses: readonly Diagnosis[]
  /** One sentence on which part of the matrix moved (long prompts, high concurrency, ...); null where none stands out. */
  readonly part: string | null
  readonly findings: readonly Finding[]
  /** Complete pairs measured. */
  readonly pairs: number
  readonly trials: number
  /** Null control: base trials against base trials in this job. */
  readonly nullControl: { readonly passed: boolean; readonly text: string } | null
  /** Greedy answers of both sides; null where there is no telling. */
  readonly outputs: OutputsComparison | null
  /** What the team takes if it turns out slower, used or not: the same recording is judged the same again. */
  readonly accepted: readonly AcceptedSlowdown[]
  /** Sentences that the reader must know: no baseline yet, policy edited, stage skipped, ... */
  readonly notes: readonly string[]
}
