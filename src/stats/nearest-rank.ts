import { ascending } from './ascending.ts'

/**
 * The smallest value that at least this fraction of all values do not exceed: nearest rank, nothing in between.
 *
 * @returns null of no values; NaN as soon as one value is NaN, so that what is broken passes no limit
 */
export function nearestRank(values: readonly number[], fraction: number): number | null {
  if (values.some(Number.isNaN)) return Number.NaN
  return ascending(values)[Math.ceil(fraction * values.length) - 1] ?? null
}
