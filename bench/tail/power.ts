import { mean } from 'simple-statistics'
import { unknownVariance } from '../../src/stats/moderated-variance.ts'
import type { Random } from '../../src/stats/random.ts'
import { signFlipMaxT } from '../../src/stats/sign-flip.ts'

/**
 * Designs of the paired test, one-sided. The level is the least that four pairs can reach, and 1 % from eight on. A test
 * of 14 pairs counts 16384 flips: fewer of these are simulated.
 */
export const pairedTests = [
  { pairs: 4, level: 1 / 16, part: 1 },
  { pairs: 8, level: 0.01, part: 1 },
  { pairs: 14, level: 0.01, part: 0.2 },
] as const

/** Slowdowns of everything alike, as fractions. */
export const evenSlowdowns = [0.1, 0.2] as const

export interface Power {
  readonly pairs: number
  /** Fraction; null: the change that the source itself makes. */
  readonly slowdown: number | null
  /** How often the test sees it, 0 to 1. */
  readonly power: number
}

/**
 * How often the sign-flip test of the judge, one cell alone, sees a slowdown in pairs drawn from these differences.
 *
 * @param differences logarithms of head / base, a pair each; for an even slowdown only their scatter counts
 */
export function powers(differences: readonly number[], draws: number, random: Random): Power[] {
  const center = mean(differences as number[])
  return pairedTests.flatMap(({ pairs, level, part }) => {
    const samples = Array.from({ length: Math.ceil(part * draws) }, () =>
      Array.from({ length: pairs }, () => differences[Math.floor(random() * differences.length)] ?? Number.NaN),
    )
    return [...evenSlowdowns, null].map((slowdown) => {
      const shift = slowdown === null ? 0 : Math.log1p(slowdown) - center
      const seen = samples.filter((sample) =>
        isSlower(
          sample.map((one) => one + shift),
          level,
        ),
      )
      return { pairs, slowdown, power: seen.length / samples.length }
    })
  })
}

function isSlower(differences: readonly number[], level: number): boolean {
  const [p = Number.NaN] = signFlipMaxT([{ differences, prior: unknownVariance }]).above
  return p <= level
}
