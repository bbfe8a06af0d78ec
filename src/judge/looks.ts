import type { GatePolicy } from '../model/policy.ts'

/** A point at which the pairs so far are judged. */
export interface Look {
  /** Complete pairs. */
  readonly pairs: number
  /** Part of the error budget that a conviction may use here; 0: this look only clears. */
  readonly share: number
  /** Confidence with which a promised slowdown must be ruled out to call one scenario, or all together, unchanged. */
  readonly clearing: { readonly one: number; readonly all: number }
}

/** What of a policy decides about its looks. */
export type LookPolicy = Pick<GatePolicy, 'maxPairs' | 'shard'>

/**
 * Probability that a pull request without any change is called regressed: all cells, all looks and all shards together.
 */
export const errorBudget = 0.01
/** Confidence of the last look, where an undecided cell has no other chance. */
const lastClearing = { one: 0.95, all: 0.95 }

/**
 * Clearing a cell early is what saves GPU time, and clearing it wrongly is what misses slowdowns: so early looks ask for
 * more. "All scenarios together" can be cleared on less, since a slowdown of all is also seen in each of them, and
 * leaving it open costs whole pairs. 8 pairs are the first to convict: 1 of 256 sign flips is 0.39 %, which leaves the
 * rest of the budget to three later looks. `npm run bench:gate` shows what these levels come to.
 */
const standardLooks: readonly Look[] = [
  { pairs: 3, share: 0, clearing: { one: 0.99, all: 0.97 } },
  { pairs: 4, share: 0, clearing: { one: 0.99, all: 0.97 } },
  { pairs: 6, share: 0, clearing: { one: 0.99, all: 0.97 } },
  { pairs: 8, share: 1 / 256, clearing: { one: 0.99, all: 0.98 } },
  { pairs: 11, share: 0.001, clearing: { one: 0.985, all: 0.98 } },
  { pairs: 14, share: 0.0015, clearing: { one: 0.98, all: 0.97 } },
]

/** Pairs of the largest design. */
export const mostPairs = 18
/** Values of `gate.max-pairs`: each is a look that can convict. */
export const offeredMaxPairs = [8, 11, 14, mostPairs] as const

/** The confidence that a look asks for to clear a cell; `scenario` null: all scenarios together. */
export function clearingOf({ clearing }: Look, { scenario }: { readonly scenario: string | null }): number {
  return scenario === null ? clearing.all : clearing.one
}

/** Pairs of the last look of a design that allows so many. */
export function plannedPairs(maxPairs: number): number {
  return Math.max(1, Math.min(Math.floor(maxPairs) || 1, mostPairs))
}

/**
 * Sign flips that may reach what a look observed for it to convict: the observed one is the first, so a look that is
 * allowed none cannot. The rounding error of a share that is just one flip must not make it none.
 */
export function allowedFlips({ pairs, share }: Pick<Look, 'pairs' | 'share'>): number {
  return Math.floor(share * 2 ** pairs + 1e-9)
}

/**
 * The looks of a design that ends after `maxPairs` pairs; the last one has all of the error budget that is left. A shard
 * has its part of the budget, and of each look's share: all shards together then err no more often than one job would.
 * Where such a part is less than a sign flip, the look only clears, and what it cannot use is left to the last one.
 */
export function plannedLooks({ maxPairs, shard }: LookPolicy): Look[] {
  const shards = shard?.count ?? 1
  const last = plannedPairs(maxPairs)
  const earlier = standardLooks.filter((look) => look.pairs < last).map((look) => divided(look, shards))
  const spent = earlier.reduce((total, look) => total + look.share, 0)
  return [...earlier, { pairs: last, share: errorBudget / shards - spent, clearing: lastClearing }]
}

function divided(look: Look, shards: number): Look {
  const part = { ...look, share: look.share / shards }
  return allowedFlips(part) < 1 ? { ...part, share: 0 } : part
}

/**
 * The looks that `pairs` complete pairs allow. When nothing more will be measured, what came after the last planned look
 * is judged too, as if it were the next one: time ran out, whatever the numbers were.
 */
export function looksAt(policy: LookPolicy, pairs: number, final: boolean): Look[] {
  const planned = plannedLooks(policy)
  const reached = planned.filter((look) => look.pairs <= pairs)
  const next = planned.find((look) => look.pairs > pairs)
  const since = pairs - (reached.at(-1)?.pairs ?? 0)
  return final && next && since > 0 ? [...reached, { ...next, pairs }] : reached
}

/** The fewest pairs with which a run can convict, also one that time cuts short; null: this design never can. */
export function fewestConvicting(policy: LookPolicy): number | null {
  for (let pairs = 1; pairs <= plannedPairs(policy.maxPairs); pairs++) {
    if (looksAt(policy, pairs, true).some((look) => allowedFlips(look) >= 1)) return pairs
  }
  return null
}
