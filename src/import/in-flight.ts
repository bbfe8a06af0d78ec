import type { ImportedRequest } from './imported.ts'

/** Times are sums of durations: what differs by less is the same moment. */
const sameMomentMs = 0.01

/** Most requests under way at one moment; one that ends when another begins makes room for it. */
export function inFlightPeak(requests: readonly Pick<ImportedRequest, 'sentMs' | 'endMs'>[]): number {
  const steps = requests
    .flatMap(({ sentMs, endMs }) =>
      sentMs === null || endMs === null ? [] : [[sentMs, 1] as const, [endMs - sameMomentMs, -1] as const],
    )
    .toSorted(([a, stepA], [b, stepB]) => a - b || stepA - stepB)
  let [now, most] = [0, 0]
  for (const [, step] of steps) {
    now += step
    most = Math.max(most, now)
  }
  return most
}
