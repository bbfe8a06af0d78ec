import type { AcceptedSlowdown } from './accepted.ts'
import type { ClientCalibration } from './calibration.ts'
import type { TrialOutputs } from './outputs.ts'
import type { GatePolicy } from './policy.ts'
import type { RunnerClass } from './runner-class.ts'
import type { Scenario } from './scenario.ts'
import type { TelemetrySummary } from './telemetry.ts'
import type { Finding, Side, Stage } from './trial.ts'

/** What happened to one scenario within a trial, besides its requests. */
export interface ScenarioWindow {
  readonly scenario: string
  /** Measured window, milliseconds since the start of the trial. */
  readonly startMs: number
  readonly endMs: number
  /**
   * From here on to `steadyEndMs` the whole load was there and all of it was measured: the last warm-up request had
   * ended, and the last measured one was not yet sent. Both lie inside the window; empty (start = end) where there was no such
   * time.
   */
  readonly steadyStartMs: number
  readonly steadyEndMs: number
  /** Most requests in flight at one moment, warm-up included. */
  readonly peakInFlight: number
  /** Measured requests that found every connection taken when they were due: open loop only. */
  readonly queuedRequests: number
  /**
   * Our own delay in sending, from the moment that a measured request was due and had a connection, at the percentile
   * that the scenario is judged by.
   */
  readonly clientLagTailMs: number
  readonly warmupRequests: number
  readonly warmupMs: number
  /** What went wrong in the warm-up, a sentence each; the first few. */
  readonly warmupFailures: readonly string[]
  /** Our own event loop while measuring. */
  readonly eventLoopDelayP99Ms: number
  /** The same at the percentile that the scenario is judged by. */
  readonly eventLoopDelayTailMs: number
  /**
   * How prompts got their exact length; `file`: they are the team's own, of whatever length; `unknown`: another tool made
   * them.
   */
  readonly promptSource: 'token-ids' | 'tokenize' | 'words' | 'file' | 'unknown'
  /** Where output token counts came from. */
  readonly countSource: 'usage' | 'mapping' | 'requested' | 'unknown'
}

/** One trial in run.json. */
export interface TrialRecord {
  readonly id: string
  readonly side: Side
  readonly stage: Stage
  readonly pair: number | null
  readonly order: number
  /** ISO 8601 time of the start of the trial: the zero of all its times. */
  readonly startedAt: string
  readonly startupMs: number
  /** Monotonic length of the whole trial, server stop included. */
  readonly durationMs: number
  readonly stopMs: number
  readonly windows: readonly ScenarioWindow[]
  /** Null where nothing was watched: another tool did the measuring. */
  readonly telemetry: TelemetrySummary | null
  readonly findings: readonly Finding[]
  /** Left out where nothing was asked. */
  readonly outputs?: TrialOutputs | undefined
}

/** Result files of another tool that a recording was made from. */
export interface ImportedFrom {
  readonly tool: string
  /** As its files state it. */
  readonly version: string | null
  readonly from: readonly string[]
  /** What the files do not tell: it stands as zero, or empty. */
  readonly untold: readonly string[]
}

/** run.json: the recording of one side. Requests stand beside it in requests.jsonl. */
export interface RunFile {
  readonly schema: 'llm-perf-recording/1'
  readonly toolVersion: string
  readonly commit: string | null
  readonly side: Side
  readonly runnerClass: RunnerClass
  readonly createdAt: string
  /** Seed of the prompts and of the order inside pairs. */
  readonly seed: number
  /** What our own client was off by; null where another tool did the measuring. */
  readonly calibration: ClientCalibration | null
  /** Only where another tool did the measuring. */
  readonly imported?: ImportedFrom | undefined
  readonly plan: {
    readonly scenarios: readonly Scenario[]
    /** The policy in force, so that `judge` comes to the same verdict from the recording alone. */
    readonly gate: GatePolicy
    readonly quantileMethod: 'harrell-davis'
  }
  /**
   * Slowdowns that the team took on purpose when this was measured; left out: none. As trustworthy as the recording
   * itself: whoever judges a stranger's must not take the stranger's word for it.
   */
  readonly accepted?: readonly AcceptedSlowdown[] | undefined
  readonly trials: readonly TrialRecord[]
}
