import type { TailResult } from './compare.ts'
import type { EstimatorCost } from './cost.ts'

/** What `bench:tail --json` prints. */
export interface TailBench {
  readonly schema: 'llm-perf-bench-tail/1'
  readonly seed: number
  /** Requests of a simulated run: its truth. */
  readonly requests: number
  /** Trials of each side that were cut from each source. */
  readonly trials: number
  /** Simulated tests behind each power. */
  readonly draws: number
  readonly results: readonly TailResult[]
  readonly costs: readonly EstimatorCost[]
}
