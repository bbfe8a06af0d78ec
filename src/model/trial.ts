import type { ScenarioMetrics } from '../metrics/index.ts'
import type { ScenarioLengths } from './lengths.ts'
import type { TrialOutputs } from './outputs.ts'
import type { Shard } from './shard.ts'
import type { TelemetrySummary } from './telemetry.ts'

export type Side = 'base' | 'head'

/**
 * Why a trial was run: to fill the window, to screen, or as half of a pair. `discarded`: something passing disturbed it,
 * it was run again, and it counts for nothing.
 */
export type Stage = 'baseline' | 'screen' | 'pairs' | 'discarded'

/** A reason not to believe a measurement. `scenario` null: the whole trial. */
export interface Finding {
  /** Stable, kebab-case: `server-died`, `failures`, `output-length`, `gpu-throttled`, ... */
  readonly code: string
  readonly scenario: string | null
  /** Where shards were merged: the one that it is about. */
  readonly shard?: Shard | undefined
  /** What was seen, with the value and what is allowed. */
  readonly message: string
  /** What to do next. */
  readonly hint: string
}

/** One trial as the judge sees it: metrics by scenario name, in the order in which trials were started. */
export interface TrialEvidence {
  readonly id: string
  readonly side: Side
  readonly stage: Stage
  /** Trials of one pair share a number, counted from 0; null outside pairs. */
  readonly pair: number | null
  /** Position among all trials of the job, counted from 0. */
  readonly order: number
  /** ISO 8601. */
  readonly startedAt: string
  readonly startupMs: number
  /** Only the scenarios that this trial measured and that have no finding. */
  readonly scenarios: Readonly<Record<string, ScenarioMetrics>>
  readonly findings: readonly Finding[]
  /** Of the scenarios that this trial measured, sound or not. */
  readonly lengths: readonly ScenarioLengths[]
  /** What was watched meanwhile: it explains and warns, and decides nothing. */
  readonly telemetry: TelemetrySummary | null
  /** Greedy answers, to compare what the sides say; left out where nothing was asked. */
  readonly outputs?: TrialOutputs | undefined
}

/** False for a trial that was disturbed and run again. */
export function counts({ stage }: Pick<TrialEvidence, 'stage'>): boolean {
  return stage !== 'discarded'
}
