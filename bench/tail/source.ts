/** Where trials come from: latencies in milliseconds, in the order of measuring, of as many runs as there were. */
export interface LatencySource {
  readonly name: string
  /** What makes head slower than base. */
  readonly change: string
  /** Run by run; a run of head stands next to the run of base with the same place. */
  readonly base: readonly Float64Array[]
  readonly head: readonly Float64Array[]
}

/**
 * The quantile of all requests of all runs: what a trial of endless length would tell.
 * @param p 0.9 for P90
 */
export function truthMs(runs: readonly Float64Array[], p: number): number {
  const total = runs.reduce((sum, run) => sum + run.length, 0)
  const all = new Float64Array(total)
  let at = 0
  for (const run of runs) {
    all.set(run, at)
    at += run.length
  }
  return all.sort()[Math.ceil(p * total) - 1] ?? Number.NaN
}

/**
 * Trials of `size` requests that follow each other in one run, spread evenly over the runs; the k-th of base and the k-th
 * of head come from the same place. Where there is less data than trials, neighbours share requests.
 *
 * @throws Error when a run is shorter than a trial
 */
export function cutTrials(runs: readonly Float64Array[], size: number, trials: number): Float64Array[] {
  const short = runs.find((run) => run.length < size)
  if (short || runs.length === 0) {
    throw new Error(`A run holds ${short?.length ?? 0} requests; a trial of ${size} cannot be cut from it.`)
  }
  return Array.from({ length: trials }, (_, trial) => {
    const place = ((trial + 0.5) / trials) * runs.length
    const run = runs[Math.floor(place)] ?? new Float64Array()
    const from = Math.round((place % 1) * (run.length - size))
    return run.subarray(from, from + size)
  })
}
