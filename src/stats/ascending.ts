/** A sorted copy. An array of nothing but numbers sorts itself several times faster than by a comparing function. */
export function ascending(values: readonly number[]): number[] {
  const sorted: number[] = []
  for (const value of new Float64Array(values).sort()) sorted.push(value)
  return sorted
}
