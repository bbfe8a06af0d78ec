import type { RunnerClass } from '../model/runner-class.ts'
import type { Shard } from '../model/shard.ts'
import type { LengthRow } from './lengths.ts'

/** What a report says besides the verdict: where it was measured, at what cost, how to measure it again. */
export interface ReportContext {
  /** Name of the gate: one sticky comment per gate and pull request. */
  readonly gate: string
  /** The part of the matrix that is told of; null or left out: all of it. */
  readonly shard?: Shard | null
  readonly kind: 'pull-request' | 'baseline'
  /** Null when no base side was measured. */
  readonly baseCommit: string | null
  readonly headCommit: string
  /** Null where nothing was measured. */
  readonly runnerClass: RunnerClass | null
  /** GPU machine time of the job so far. */
  readonly minutes: number
  /** Cost in passes: one trial of the whole matrix each. */
  readonly passes: number
  readonly startup: { readonly baseMs: number | null; readonly headMs: number | null }
  /** One line for a terminal. */
  readonly reproduce: string
  /** Null outside a workflow. */
  readonly runUrl: string | null
  /** Page with the gate's own error rates, of the version in use; null where the action's repository is not known. */
  readonly errorRatesUrl: string | null
  readonly toolVersion: string
  /** The plan in words. */
  readonly plan: string
  /** What the load client found out about itself; null when it kept up. */
  readonly clientNote: string | null
  /** How long prompts and answers were, by the server's own count. */
  readonly lengths: readonly LengthRow[]
  /** What the machine did under each side, a line each; empty when nothing was watched. */
  readonly machine: readonly string[]
}

/** What is known of a run that never came to a verdict. */
export type FailureContext = Pick<ReportContext, 'gate' | 'shard' | 'toolVersion' | 'runUrl'> & {
  readonly headCommit: string | null
  readonly reproduce: string | null
}

/**
 * First line of the comment, by which it is found again. The name is encoded: it could otherwise close the HTML
 * comment, or look like the marker of another gate.
 */
export const commentMarker = (gate: string): string => `<!-- llm-perf-action:${encodeURIComponent(gate)} -->`
