/** Percentiles that a tail metric may use, highest first, in per cent. */
const candidates = [99, 97, 95, 90, 80, 75, 50] as const

/** Confidence that the largest of the samples lies at or above the percentile. */
const confidence = 0.95

/** Samples from which on a percentile is supported: P50 5, P75 11, P80 14, P90 29, P95 59, P97 99, P99 299. */
export function percentileFloor(percentile: number): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(percentile / 100))
}

/**
 * The highest percentile that `n` samples support; null below 5 samples, which support none.
 *
 * The bound is the plain one of order statistics: all of n samples stay below the p-quantile with probability p^n, which
 * must be at most 5 %, so n >= ln(0.05) / ln(p).
 * @see David and Nagaraja (2003), "Order Statistics", section 7.1
 */
export function supportedPercentile(n: number): number | null {
  return candidates.find((percentile) => n >= percentileFloor(percentile)) ?? null
}
