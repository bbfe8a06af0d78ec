import { mean } from 'simple-statistics'
import { moderate, type Variance, varianceOf } from '../stats/moderated-variance.ts'
import { studentQuantile } from '../stats/student-t.ts'

/** How much slower head is than base, as slowness, and how well that is known. */
export interface Effect {
  readonly estimate: number
  readonly standardError: number
  /** Degrees of freedom of the standard error. */
  readonly degrees: number
}

/** The effect that these pair differences show; null when their spread is unknown. */
export function effectOf(differences: readonly number[], prior: Variance): Effect | null {
  const variance = moderate(varianceOf(differences), prior)
  if (differences.length === 0 || variance.degrees === 0) return null
  return {
    estimate: mean(differences as number[]),
    standardError: Math.sqrt(variance.value / differences.length),
    degrees: variance.degrees,
  }
}

/** The slowdown that the effect stays under with this confidence, one-sided. */
export function upperBound({ estimate, standardError, degrees }: Effect, confidence: number): number {
  return estimate + studentQuantile(confidence, degrees) * standardError
}

/** Half the width of the two-sided 95 % interval. */
export function halfWidth95({ standardError, degrees }: Effect): number {
  return studentQuantile(0.975, degrees) * standardError
}
