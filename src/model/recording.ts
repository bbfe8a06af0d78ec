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
  readonly warmupRequests: number
  readonly warmupMs: number
  /** What went wrong in the warm-up, a sentence each; the first few. */
  readonly warmupFailures: readonly string[]
  /** Our own event loop while measuring. */
  readonly eventLoopDelayP99Ms: number
  /** The same at the percentile that the scenario is judged by. */
  readonly eventLoopDelayTailMs: number
  /** How prompts got their exact length. */
  readonly promptSource: 'token-ids' | 'tokenize' | 'words'
  /** Where output token counts came from. */
  readonly countSource: 'usage' | 'mapping' | 'requested'
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
  readonly telemetry: TelemetrySummary
  readonly findings: readonly Finding[]
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
  readonly plan: {
    readonly scenarios: readonly Scenario[]
    /** The policy in force, so that `judge` comes to the same verdict from the recording alone. */
    readonly gate: GatePolicy
    readonly quantileMethod: 'harrell-davis'
  }
  readonly trials: readonly TrialRecord[]
}
