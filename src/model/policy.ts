import type { Shard } from './shard.ts'

/** How much slower is accepted, as fractions: 0.1 = 10 %. A promised effect is twice the margin. */
export interface Margins {
  /** One scenario. */
  readonly latencyTail: number
  readonly tokensPerSecond: number
  /** All scenarios together (geometric mean). */
  readonly latencyTailAll: number
  readonly tokensPerSecondAll: number
}

/** What the gate demands. Read from the base branch on a pull request. */
export interface GatePolicy {
  readonly margins: Margins
  /** Failed requests allowed in a scenario, as a fraction. */
  readonly failureLimit: number
  /** Largest number of pairs; one of the looks. */
  readonly maxPairs: number
  /** Head trials of the screen, and trials of a push to the default branch. */
  readonly trials: number
  /** Trials of the first baseline and of mode calibrate. */
  readonly calibrationTrials: number
  /** GPU time after which no further pair is started. */
  readonly budgetMinutes: number
  /** The part of the matrix that this job judges, with its part of the error budget; left out: all of it. */
  readonly shard?: Shard | undefined
}

export const defaultPolicy: GatePolicy = {
  margins: { latencyTail: 0.1, tokensPerSecond: 0.05, latencyTailAll: 0.05, tokensPerSecondAll: 0.025 },
  failureLimit: 0,
  maxPairs: 18,
  trials: 2,
  calibrationTrials: 9,
  budgetMinutes: 60,
}
