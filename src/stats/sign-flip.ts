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

/** One p value for each column, in their order. */
export interface FlipPValues {
  /** Of "the mean difference is above 0". */
  readonly above: readonly number[]
  /** Of "the mean difference is below 0". */
  readonly below: readonly number[]
}

/**
 * Family-wise adjusted, one-sided p values by the sign-flip distribution of the largest statistic (step-down max-T), in
 * each direction by itself.
 *
 * Under "no change" each pair's difference is as likely as its mirror image, whatever the shape of the noise and
 * whatever drift a pair shares. All columns of a pair flip together, so their dependence is kept. All 2^n flips are
 * counted, so p is exact, and at least 2^-n. The statistic is a moderated t: with few pairs a plain t is ruled by
 * columns that look quiet by accident.
 *
 * @param columns all with the same number of pairs, 1 to {@link mostFlippedPairs}
 * @see Westfall and Young (1993), "Resampling-Based Multiple Testing", algorithm 4.1
 */
export function signFlipMaxT(columns: readonly FlipColumn[]): FlipPValues {
  const pairs = columns[0]?.differences.length ?? 0
  if (columns.length === 0) return { above: [], below: [] }
  assertTestable(columns, pairs)
  const statistics = new FlipStatistics(columns)
  const observed = statistics.of(Float64Array.from(columns, ({ differences }) => sumOf(differences)))
  const above = new StepDown(observed)
  const below = new StepDown(observed.map((statistic) => -statistic))
  const flipped = new Float64Array(columns.length)
  forEachHalfFlip(columns, (sums) => {
    statistics.of(sums, flipped)
    // The mirror image of a flip is a flip too, and its statistics are these with the other sign.
    above.count(flipped)
    below.count(flipped)
  })
  return { above: above.pValues(2 ** pairs), below: below.pValues(2 ** pairs) }
}

/**
 * The moderated t of each column as a function of its flipped sum alone: the sum of squares is the same for every flip.
 * Plain loops over arrays of numbers, here and below: with 18 pairs they run some millions of times.
 */
class FlipStatistics {
  readonly #pairs: number
  readonly #squares: Float64Array
  readonly #priors: Float64Array
  readonly #degrees: Float64Array

  constructor(columns: readonly FlipColumn[]) {
    const pairs = columns[0]?.differences.length ?? 0
    this.#pairs = pairs
    this.#squares = Float64Array.from(columns, ({ differences }) => sumOf(differences.map((value) => value * value)))
    this.#priors = Float64Array.from(columns, ({ prior }) => prior.degrees * prior.value)
    this.#degrees = Float64Array.from(columns, ({ prior }) => pairs - 1 + prior.degrees)
  }

  of(sums: Float64Array, statistics = new Float64Array(sums.length)): Float64Array {
    const [pairs, squares, priors, degrees] = [this.#pairs, this.#squares, this.#priors, this.#degrees]
    for (let column = 0; column < sums.length; column++) {
      const sum = sums[column] ?? Number.NaN
      const around = Math.max(0, (squares[column] ?? Number.NaN) - (sum * sum) / pairs)
      const free = degrees[column] ?? Number.NaN
      const variance = free > 0 ? (around + (priors[column] ?? Number.NaN)) / free : 1
      statistics[column] = sum / Math.sqrt(pairs * Math.max(variance, leastVariance))
    }
    return statistics
  }
}

/** Counts, column by column from the largest statistic down, how many flips reach what was observed. */
class StepDown {
  readonly #worstFirst: Int32Array
  readonly #limits: Float64Array
  readonly #counts: Float64Array

  constructor(observed: Float64Array) {
    const columns = Array.from(observed.keys())
    this.#worstFirst = Int32Array.from(columns.sort((a, b) => (observed[b] ?? 0) - (observed[a] ?? 0)))
    this.#limits = Float64Array.from(this.#worstFirst, (column) => {
      const value = observed[column] ?? Number.NaN
      return value - rounding * Math.max(1, Math.abs(value))
    })
    this.#counts = new Float64Array(observed.length)
  }

  /** Takes a flip and its mirror image. */
  count(flipped: Float64Array): void {
    const [worstFirst, limits, counts] = [this.#worstFirst, this.#limits, this.#counts]
    let largest = Number.NEGATIVE_INFINITY
    let mirrored = Number.NEGATIVE_INFINITY
    for (let rank = worstFirst.length - 1; rank >= 0; rank--) {
      const statistic = flipped[worstFirst[rank] ?? 0] ?? Number.NaN
      const limit = limits[rank] ?? Number.NaN
      largest = Math.max(largest, statistic)
      mirrored = Math.max(mirrored, -statistic)
      counts[rank] = (counts[rank] ?? 0) + (largest >= limit ? 1 : 0) + (mirrored >= limit ? 1 : 0)
    }
  }

  pValues(flips: number): number[] {
    const adjusted = new Array<number>(this.#counts.length).fill(1)
    let largest = 0
    for (const [rank, column] of this.#worstFirst.entries()) {
      largest = Math.max(largest, (this.#counts[rank] ?? Number.NaN) / flips)
      adjusted[column] = largest
    }
    return adjusted
  }
}

/**
 * The sums of all flips that leave the last pair as it is: the other half are their mirror images. Gray code: from one
 * flip to the next exactly one pair changes its sign, the one of the counter's lowest set bit.
 */
function forEachHalfFlip(columns: readonly FlipColumn[], visit: (sums: Float64Array) => void): void {
  const pairs = columns[0]?.differences.length ?? 0
  const doubled = Array.from({ length: pairs }, (_, pair) =>
    Float64Array.from(columns, ({ differences }) => 2 * (differences[pair] ?? Number.NaN)),
  )
  const sums = Float64Array.from(columns, ({ differences }) => sumOf(differences))
  const signs = new Int8Array(pairs).fill(1)
  visit(sums)
  for (let flip = 1; flip < 2 ** (pairs - 1); flip++) {
    const pair = 31 - Math.clz32(flip & -flip)
    const sign = -(signs[pair] ?? 1)
    signs[pair] = sign
    const change = doubled[pair] ?? new Float64Array(sums.length)
    for (let column = 0; column < sums.length; column++) {
      sums[column] = (sums[column] ?? Number.NaN) + sign * (change[column] ?? Number.NaN)
    }
    visit(sums)
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
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
