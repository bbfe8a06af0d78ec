import { harrellDavisOfLogs, harrellDavisPresent, trimmedBySquareRoot, trimmedNarrow } from './beta-weights.ts'
import { sfakianakisVerginis } from './binomial-weights.ts'
import type { TailEstimator } from './estimator.ts'
import { kernelSmoothed } from './kernel.ts'
import { lognormal } from './lognormal.ts'
import { linear, meanAroundRank, nearestRank } from './order-statistics.ts'
import { paretoByLikelihood, paretoByMoments } from './peaks-over-threshold.ts'

export type { TailEstimator } from './estimator.ts'

/** What the others are compared with: what the action uses. */
export const present = harrellDavisPresent

export const tailEstimators: readonly TailEstimator[] = [
  present,
  nearestRank,
  linear,
  trimmedBySquareRoot,
  trimmedNarrow,
  sfakianakisVerginis,
  kernelSmoothed,
  meanAroundRank,
  harrellDavisOfLogs,
  paretoByMoments,
  paretoByLikelihood,
  lognormal,
]
