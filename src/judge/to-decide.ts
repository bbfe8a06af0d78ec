import type { GatePolicy } from '../model/policy.ts'
import { plural } from '../model/words.ts'
import { studentCdf } from '../stats/student-t.ts'
import { type Cell, withMargin } from './cells.ts'
import { clearedBelow, convictedAbove, hurdleAt, type PairNoise } from './hurdles.ts'
import { type Look, type LookPolicy, mostPairs, offeredMaxPairs, plannedLooks } from './looks.ts'
import { toChange } from './slowness.ts'
import { percent } from './wording.ts'

/** With this probability what is proposed decides the cell. */
const power = 0.8
/** Nobody sends more than this many times as many requests, or wants a margin this many times as wide. */
const mostTimes = 20
/** A rate cannot fall by all of it. */
const widestMargin = 0.95

/** An undecided cell, and what this run knows of its noise. */
export interface Undecided {
  readonly cell: Cell
  readonly noise: PairNoise
  /** Slowness that the run has seen so far. */
  readonly estimate: number
  /** Complete pairs that measured the cell. */
  readonly pairs: number
  readonly policy: GatePolicy
  /** What one pair of the cell's scenarios takes, in minutes; null: unknown. */
  readonly minutesPerPair: number | null
  /** Measured requests of the scenario in a trial; null for all scenarios together. */
  readonly requests: number | null
}

/** What it would take to decide the cell, from the noise of this run: pairs, the key that allows them, and minutes. */
export function whatWouldDecide(undecided: Undecided): string {
  const { cell, noise, estimate, pairs, policy } = undecided
  if (!(noise.pairDeviation > 0)) return 'The pairs do not differ at all: measure again.'
  if (pairs >= mostPairs) return besidesPairs(undecided)
  const looks = looksAfter(pairs, policy)
  const unmoved = pairsToDecide(cell, noise, 0, looks)
  const asSeen = pairsToDecide(cell, noise, estimate, looks)
  if (unmoved === null || asSeen === null) return besidesPairs(undecided)
  const seen = percent(toChange(cell.metric, estimate, 0).estimate)
  const needed =
    unmoved === asSeen
      ? `About ${plural(unmoved, 'pair')} would decide it (80 times in 100)`
      : `If nothing changed, about ${plural(unmoved, 'pair')} would decide it; if it is ${seen} as it looks, about ${asSeen} (80 times in 100)`
  return `${needed}. ${howToAllow(undecided, Math.max(unmoved, asSeen))}`
}

/** Looks that this run did not come to: those of its own design, then the last ones of larger designs. */
export function looksAfter(pairs: number, policy: LookPolicy): Look[] {
  const larger = offeredMaxPairs.filter((offered) => offered > policy.maxPairs)
  const lastOf = (maxPairs: number) => plannedLooks({ ...policy, maxPairs }).at(-1) ?? []
  const looks = [...plannedLooks(policy), ...larger.flatMap(lastOf)]
  return looks.filter((look) => look.pairs > pairs)
}

/** Pairs at the first of these looks that decides a cell of this true slowness, one way or the other; null: none does. */
export function pairsToDecide(cell: Cell, noise: PairNoise, slow: number, looks: readonly Look[]): number | null {
  return looks.find((look) => decidedAt(look, cell, noise, slow) >= power)?.pairs ?? null
}

/** Probability that a look clears or convicts, for normal noise. */
function decidedAt(look: Look, cell: Cell, noise: PairNoise, slow: number): number {
  const { degrees, convicting, surely, clearing } = hurdleAt(cell, look, noise)
  if (degrees <= 0) return 0
  const error = noise.pairDeviation / Math.sqrt(look.pairs)
  const below = (limit: number) => studentCdf((limit - slow) / error, degrees)
  const byT = convicting ? 1 - below(convictedAbove(cell, convicting.t, surely, error)) : 0
  const convicted = convicting?.smallest ? Math.min(byT, signsAgree(look.pairs, convicting.smallest, noise, slow)) : byT
  return below(clearedBelow(cell, clearing, error)) + convicted
}

/** Probability that every pair is slower or, where the two smallest count together, that as good as every pair is. */
function signsAgree(pairs: number, smallest: 1 | 2, { pairDeviation }: PairNoise, slow: number): number {
  const slower = studentCdf(slow / pairDeviation, Number.POSITIVE_INFINITY)
  const every = slower ** pairs
  // With one pair faster, the two smallest add up to more than nothing about every other time.
  return smallest === 1 ? every : every + (pairs * slower ** (pairs - 1) * (1 - slower)) / 2
}

function howToAllow({ pairs, policy, minutesPerPair }: Undecided, needed: number): string {
  const more = minutesPerPair === null ? null : Math.max(1, Math.ceil((needed - pairs) * minutesPerPair))
  if (needed <= policy.maxPairs) {
    const had = `This run ended after ${pairs}`
    return more === null
      ? `${had}: raise gate.budget-minutes.`
      : `${had}; gate.budget-minutes: ${Math.ceil(policy.budgetMinutes + more)} in place of ${policy.budgetMinutes} would be enough.`
  }
  const cost = more === null ? '' : `, for about ${plural(more, 'more minute')} of this machine`
  return `Allow them by gate.max-pairs: ${needed} in place of ${policy.maxPairs}${cost}.`
}

/** Where the largest design is too small: less noise, or a wider margin. */
function besidesPairs({ cell, noise, estimate, requests, policy }: Undecided): string {
  const last = plannedLooks({ ...policy, maxPairs: mostPairs }).slice(-1)
  const decides = (candidate: Cell, ofNoise: PairNoise) =>
    [0, estimate].every((slow) => pairsToDecide(candidate, ofNoise, slow, last) !== null)
  const quieter = leastTimes((times) =>
    decides(cell, { ...noise, pairDeviation: noise.pairDeviation / Math.sqrt(times) }),
  )
  const wider = leastTimes((times) => decides(withMargin(cell, Math.min(cell.margin * times, widestMargin)), noise))
  const ways = [
    ...(quieter === null ? [] : [moreRequests(quieter, requests)]),
    ...(wider === null ? [] : [`a margin of ${percent(Math.min(cell.margin * wider, widestMargin), 'unsigned')}`]),
    'a quieter machine',
  ]
  return `More pairs than a run can have (${mostPairs}) would be needed. What decides it: ${ways.join(', or ')}.`
}

function moreRequests(times: number, requests: number | null): string {
  const factor = `about ${times.toPrecision(2)} times the requests`
  const figures = requests === null ? ' in each scenario' : ` (${Math.ceil(requests * times)} in place of ${requests})`
  return `${factor}${figures}, if the noise is that of single requests`
}

/** The smallest factor from which on the condition holds, to five per cent; null: none that is worth naming. */
function leastTimes(holds: (times: number) => boolean): number | null {
  let low = 1
  let high: number = mostTimes
  if (!holds(high)) return null
  while (high / low > 1.05) {
    const middle = Math.sqrt(low * high)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
