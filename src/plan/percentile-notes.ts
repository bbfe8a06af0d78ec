import { percentileFloor, supportedPercentile } from '../metrics/percentile.ts'
import type { Scenario } from '../model/scenario.ts'

const wanted = 99

/** Tells which tail percentile each scenario's number of requests supports, where that is not P99. One line a percentile. */
export function percentileNotes(scenarios: readonly Scenario[]): readonly string[] {
  const byPercentile = new Map<number, Scenario[]>()
  for (const scenario of scenarios) {
    const percentile = supportedPercentile(scenario.requests)
    if (percentile === null || percentile >= wanted) continue
    byPercentile.set(percentile, [...(byPercentile.get(percentile) ?? []), scenario])
  }
  return [...byPercentile].map(([percentile, group]) => {
    const names = group.map((scenario) => `${scenario.name} (${scenario.requests} requests)`).join(', ')
    return `P${percentile} is the highest percentile that is supported, and the one that is judged, in ${names}; P${wanted} needs ${percentileFloor(wanted)} requests.`
  })
}
