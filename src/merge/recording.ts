import type { BaselineWindow } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Shard } from '../model/shard.ts'
import type { Finding } from '../model/trial.ts'
import type { Conclusion } from '../model/verdict.ts'
import type { RecordedRun } from '../recording/recorded-run.ts'

/** One recording among those that are to be merged. */
export interface FoundRecording {
  /** Its folder, as the reader of the report knows it. */
  readonly name: string
  readonly run: RecordedRun
  /** The window that its job judged by; null: there was none. */
  readonly window: BaselineWindow | null
  /** What its job came to; null when that ended before it had a verdict. */
  readonly conclusion: Conclusion | null
}

/** A recording that is what it should be: of one shard of this very pull request. */
export interface ShardRecording extends FoundRecording {
  readonly shard: Shard
}

/** What all recordings together must be, by what this job finds out by itself. */
export interface ExpectedRun {
  /** The whole matrix of the head. */
  readonly matrix: readonly Scenario[]
  /** Of the whole matrix. */
  readonly policy: GatePolicy
  readonly seed: number
  readonly headCommit: string
  readonly baseCommit: string
  readonly toolVersion: string
}

/** Something that keeps the whole from being judged; about one shard where that is known. */
export function mergeFinding(code: string, message: string, hint: string, shard?: Shard): Finding {
  return { code, scenario: null, ...(shard && { shard }), message, hint }
}
