/** A point at which the pairs so far are judged. */
export interface Look {
  /** Complete pairs. */
  readonly pairs: number
  /** Part of the error budget that a conviction may use here; 0: this look only clears. */
  readonly share: number
  /** Confidence with which a promised slowdown must be ruled out to call one scenario, or all together, unchanged. */
  readonly clearing: { readonly one: number; readonly all: number }
}

/** Probability that a pull request without any change is called regressed, all cells and all looks together. */
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
/** The first look that may convict. */
export const fewestConvicting = 8

/** The confidence that a look asks for to clear a cell; `scenario` null: all scenarios together. */
export function clearingOf({ clearing }: Look, { scenario }: { readonly scenario: string | null }): number {
  return scenario === null ? clearing.all : clearing.one
}

/** Pairs of the last look of a design that allows so many. */
export function plannedPairs(maxPairs: number): number {
  return Math.max(1, Math.min(Math.floor(maxPairs) || 1, mostPairs))
}

/** The looks of a design that ends after `maxPairs` pairs; the last one has all of the error budget that is left. */
export function plannedLooks(maxPairs: number): Look[] {
  const last = plannedPairs(maxPairs)
  const earlier = standardLooks.filter((look) => look.pairs < last)
  const spent = earlier.reduce((total, look) => total + look.share, 0)
  return [...earlier, { pairs: last, share: errorBudget - spent, clearing: lastClearing }]
}

/**
 * The looks that `pairs` complete pairs allow. When nothing more will be measured, what came after the last planned look
 * is judged too, as if it were the next one: time ran out, whatever the numbers were.
 */
export function looksAt(maxPairs: number, pairs: number, final: boolean): Look[] {
  const planned = plannedLooks(maxPairs)
  const reached = planned.filter((look) => look.pairs <= pairs)
  const next = planned.find((look) => look.pairs > pairs)
  const since = pairs - (reached.at(-1)?.pairs ?? 0)
  return final && next && since > 0 ? [...reached, { ...next, pairs }] : reached
}
