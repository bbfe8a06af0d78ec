import type { Variance } from './moderated-variance.ts'

/** One tested quantity: its pair differences, and what was known of their variance beforehand. */
export interface FlipColumn {
  /** One difference for each pair; positive is the direction that is tested. */
  readonly differences: readonly number[]
  /** Must not depend on the signs of the differences, or the test is not exact. */
  readonly prior: Variance
}

/** 2^20 flips of 20 columns take seconds; every design of ours stays below. */
export const mostFlippedPairs = 20
/** Keeps a column without any spread finite; far below what a clock can resolve on the log scale. */
const leastVariance = 1e-18
/** Sums are updated flip by flip: equal statistics may differ by rounding. */
const rounding = 1e-9

/**
 * Family-wise adjusted, one-sided p values of "the mean difference of this column is above 0", by the sign-flip
 * distribution of the largest statistic (step-down max-T).
 *
 * Under "no change" each pair's difference is as likely as its mirror image, whatever the shape of the noise and
 * whatever drift a pair shares. All columns of a pair flip together, so their dependence is kept. All 2^n flips are
 * counted, so p is exact, and at least 2^-n. The statistic is a moderated t: with few pairs a plain t is ruled by
 * columns that look quiet by accident.
 *
 * @param columns all with the same number of pairs, 1 to {@link mostFlippedPairs}
 * @returns one p value for each column, in their order
 * @see Westfall and Young (1993), "Resampling-Based Multiple Testing", algorithm 4.1
 */
export function signFlipMaxT(columns: readonly FlipColumn[]): number[] {
  const pairs = columns[0]?.differences.length ?? 0
  if (columns.length === 0) return []
  assertTestable(columns, pairs)
  const sums = columns.map(({ differences }) => differences.reduce((total, value) => total + value, 0))
  const statistics = columns.map(flipStatistic)
  const observed = statistics.map((statistic, index) => statistic(sums[index] ?? Number.NaN))
  const worstFirst = columns.map((_, index) => index).sort((a, b) => (observed[b] ?? 0) - (observed[a] ?? 0))
  const counts = countFlips(columns, worstFirst, statistics, observed, pairs)
  const adjusted = new Array<number>(columns.length).fill(1)
  let largest = 0
  for (const [rank, index] of worstFirst.entries()) {
    largest = Math.max(largest, (counts[rank] ?? Number.NaN) / 2 ** pairs)
    adjusted[index] = largest
  }
  return adjusted
}

/** For each rank, how many of all flips reach the observed statistic by the columns from this rank on. */
function countFlips(
  columns: readonly FlipColumn[],
  worstFirst: readonly number[],
  statistics: readonly ((sum: number) => number)[],
  observed: readonly number[],
  pairs: number,
): Float64Array {
  const ranked = worstFirst.map((index) => Float64Array.from(columns[index]?.differences ?? []))
  const rankedStatistics = worstFirst.map((index) => statistics[index] ?? (() => Number.NaN))
  const limits = worstFirst.map((index) => {
    const value = observed[index] ?? Number.NaN
    return value - rounding * Math.max(1, Math.abs(value))
  })
  const counts = new Float64Array(columns.length)
  const flipped = ranked.map((differences) => differences.reduce((total, value) => total + value, 0))
  const signs = new Int8Array(pairs).fill(1)
  for (let flip = 0; flip < 2 ** pairs; flip++) {
    if (flip > 0) flipOnePair(flip, signs, ranked, flipped)
    let largest = Number.NEGATIVE_INFINITY
    for (let rank = ranked.length - 1; rank >= 0; rank--) {
      largest = Math.max(largest, rankedStatistics[rank]?.(flipped[rank] ?? Number.NaN) ?? Number.NaN)
      if (largest >= (limits[rank] ?? Number.NaN)) counts[rank] = (counts[rank] ?? 0) + 1
    }
  }
  return counts
}

/** Gray code: from one flip to the next exactly one pair changes its sign, the one of the counter's lowest set bit. */
function flipOnePair(flip: number, signs: Int8Array, ranked: readonly Float64Array[], sums: number[]): void {
  const pair = 31 - Math.clz32(flip & -flip)
  const sign = -(signs[pair] ?? 1)
  signs[pair] = sign
  for (const [rank, differences] of ranked.entries()) {
    sums[rank] = (sums[rank] ?? 0) + 2 * sign * (differences[pair] ?? 0)
  }
}

/** The moderated t as a function of the flipped sum alone: the sum of squares is the same for every flip. */
function flipStatistic({ differences, prior }: FlipColumn): (sum: number) => number {
  const n = differences.length
  const squares = differences.reduce((total, value) => total + value * value, 0)
  const degrees = n - 1 + prior.degrees
  return (sum) => {
    const around = Math.max(0, squares - (sum * sum) / n)
    const variance = degrees > 0 ? (around + prior.degrees * prior.value) / degrees : 1
    return sum / Math.sqrt(n * Math.max(variance, leastVariance))
  }
}

function assertTestable(columns: readonly FlipColumn[], pairs: number): void {
  if (pairs < 1 || pairs > mostFlippedPairs) {
    throw new RangeError(`expected 1 to ${mostFlippedPairs} pairs, got ${pairs}`)
  }
  for (const { differences } of columns) {
    if (differences.length !== pairs) {
      throw new RangeError(`expected ${pairs} differences in each column, got ${differences.length}`)
    }
    const broken = differences.find((value) => !Number.isFinite(value))
    if (broken !== undefined) throw new RangeError(`expected finite differences, got ${broken}`)
  }
}
