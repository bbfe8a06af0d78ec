const samples = 16

/**
 * Milliseconds of the machine's monotonic clock. On Linux all processes read the same one (CLOCK_MONOTONIC), so that
 * stamps of the reference server and of the client can be subtracted from each other.
 */
export function monotonicMs(): number {
  return performance.now() + offsetMs
}

const offsetMs = findOffsetMs()

/** Both read the same clock, the second a moment later: the smallest difference is the closest. */
function findOffsetMs(): number {
  let smallest = Number.POSITIVE_INFINITY
  for (let sample = 0; sample < samples; sample += 1) {
    const ownMs = performance.now()
    smallest = Math.min(smallest, Number(process.hrtime.bigint()) / 1e6 - ownMs)
  }
  return smallest
}
