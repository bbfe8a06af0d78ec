import type { Arrivals } from '../../model/scenario.ts'
import type { Random } from '../../stats/random.ts'
import { gammaOfMeanOne } from './gamma.ts'

/**
 * When the requests of an open loop are due, milliseconds from the start of the schedule, ascending. The gaps are random
 * and then scaled together, so that the last request is due at `count` / rate exactly: otherwise a short schedule would
 * miss its rate by several per cent by chance alone.
 */
export function makeSchedule(arrivals: Arrivals, count: number, random: Random): Float64Array {
  const offsetsMs = new Float64Array(count)
  const gaps = gapsOfMeanOne(arrivals, random)
  let sum = 0
  for (let index = 0; index < count; index += 1) {
    sum += gaps()
    offsetsMs[index] = sum
  }
  const lastMs = (1000 * count) / arrivals.requestsPerSecond
  // Gaps so bursty that all of them came out as 0 are one burst, at the end of its time.
  return offsetsMs.map((offset) => (sum > 0 ? Math.min(lastMs, (offset / sum) * lastMs) : lastMs))
}

/**
 * The same arrivals without end and without scaling, for a warm-up: each call gives the next offset in milliseconds.
 * During a ramp the rate rises evenly from 0.
 */
export function endlessArrivals(arrivals: Arrivals, rampMs: number, random: Random): () => number {
  const gaps = gapsOfMeanOne(arrivals, random)
  let evenMs = 0
  return () => {
    evenMs += (1000 * gaps()) / arrivals.requestsPerSecond
    // At time t of the ramp t^2 / (2 ramp) of full rate have come; solved for t. The whole ramp makes up half its time.
    return evenMs < rampMs / 2 ? Math.sqrt(2 * rampMs * evenMs) : evenMs + rampMs / 2
  }
}

function gapsOfMeanOne({ burstiness }: Arrivals, random: Random): () => number {
  return burstiness === null ? () => 1 : () => gammaOfMeanOne(burstiness, random)
}
