import type { ScenarioMetrics } from '../metrics/index.ts'
import type { RunnerClass } from './runner-class.ts'
import type { Scenario } from './scenario.ts'

/** One trial as the window keeps it. */
export interface BaselineTrial {
  readonly id: string
  readonly startedAt: string
  readonly startupMs: number
  readonly scenarios: Readonly<Record<string, ScenarioMetrics>>
}

/** All trials of one commit in one job: within-job noise is told apart from drift between jobs. */
export interface BaselineJob {
  readonly commit: string
  readonly at: string
  readonly kind: 'calibration' | 'push'
  readonly runUrl: string | null
  readonly trials: readonly BaselineTrial[]
}

/** The window of one runner class. Jobs oldest first. */
export interface BaselineWindow {
  readonly runnerClass: RunnerClass
  readonly scenarios: readonly Scenario[]
  readonly jobs: readonly BaselineJob[]
}

/** The baseline file on the default branch. */
export interface BaselineFile {
  readonly schema: 'llm-perf-baseline/1'
  readonly toolVersion: string
  readonly quantileMethod: 'harrell-davis'
  readonly updatedAt: string
  /** By runner class id. */
  readonly windows: Readonly<Record<string, BaselineWindow>>
}
