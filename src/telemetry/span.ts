/** A stretch of time, by `performance.now()`. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * The longest time within a span in which nobody looked. The last look before the span still tells of its beginning, so
 * the gap that it opens counts from there.
 *
 * @param times ascending
 */
export function longestGapMs(times: readonly number[], { fromMs, toMs }: Span): number {
  const before = times.findLast((atMs) => atMs <= fromMs) ?? fromMs
  const within = times.filter((atMs) => atMs > fromMs && atMs < toMs)
  const after = times.find((atMs) => atMs >= toMs) ?? toMs
  const looks = [before, ...within, after]
  return looks.reduce((longest, atMs, index) => Math.max(longest, atMs - (looks[index - 1] ?? atMs)), 0)
}
