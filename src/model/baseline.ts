import type { GatedMetric, ScenarioMetrics } from '../metrics/index.ts'
import type { AcceptedSlowdown } from './accepted.ts'
import type { RunnerClass } from './runner-class.ts'
import type { Scenario } from './scenario.ts'
import type { Shard } from './shard.ts'

/** One trial as the window keeps it. */
export interface BaselineTrial {
  readonly id: string
  readonly startedAt: string
  readonly startupMs: number
  readonly scenarios: Readonly<Record<string, ScenarioMetrics>>
}

/** A change of level that nobody announced: found in the window when a later job entered it. */
export interface LevelShift {
  /** Null: all scenarios moved together. */
  readonly scenario: string | null
  readonly metric: GatedMetric
  /** As a fraction slower: 0.3 = 30 % more latency or 30 % fewer tokens per second; below 0: faster. */
  readonly by: number
}

/** All trials of one commit in one job: within-job noise is told apart from drift between jobs. */
export interface BaselineJob {
  readonly commit: string
  readonly at: string
  readonly kind: 'calibration' | 'push'
  readonly runUrl: string | null
  /** Slowdowns that came with this commit on purpose: from this job on, what they cover has another level. */
  readonly accepted: readonly AcceptedSlowdown[]
  /** Changes of level that begin with this job. */
  readonly shifts: readonly LevelShift[]
  readonly trials: readonly BaselineTrial[]
}

/** The best level that one cell has kept up over several neighbouring jobs; it outlives the window. */
export interface BestLevel {
  /** Null: all scenarios together. */
  readonly scenario: string | null
  readonly metric: GatedMetric
  /** Geometric mean over the jobs that set it, in the metric's own unit. */
  readonly value: number
  /** Standard deviation of a job's mean then, of the logarithm, and the degrees of freedom of its square. */
  readonly spread: number
  readonly degrees: number
  /** The last of the jobs that set it. */
  readonly commit: string
  readonly at: string
  /** Where the default branch has left it for the worse; null while it keeps it. */
  readonly slower: {
    /** The first job of a level that is past the margin. */
    readonly commit: string
    readonly at: string
    /** As a fraction slower, at the newest job. */
    readonly by: number
  } | null
}

/** Newest jobs that a window keeps; its newest calibration stays besides, however old it is. */
export const windowJobs = 8

/** The window of one runner class, or of one shard measured there. Jobs oldest first. */
export interface BaselineWindow {
  readonly runnerClass: RunnerClass
  /** Left out: the whole matrix. */
  readonly shard?: Shard | undefined
  readonly scenarios: readonly Scenario[]
  readonly jobs: readonly BaselineJob[]
  readonly best: readonly BestLevel[]
}

/** The baseline file on the default branch. */
export interface BaselineFile {
  readonly schema: 'llm-perf-baseline/1'
  readonly toolVersion: string
  readonly quantileMethod: 'harrell-davis'
  readonly updatedAt: string
  /** By runner class id, followed by the shard where there is one: see windowKey. */
  readonly windows: Readonly<Record<string, BaselineWindow>>
}
