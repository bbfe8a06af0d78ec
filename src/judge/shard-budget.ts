import { ActionError } from '../errors.ts'
import type { GatePolicy } from '../model/policy.ts'
import { mostShards } from '../model/shard.ts'
import { errorBudget, fewestConvicting, offeredMaxPairs } from './looks.ts'
import { percent } from './wording.ts'

/**
 * Refuses a design that can never convict: so few pairs cannot be as sure as a shard's part of the error budget demands,
 * and a gate that cannot find anything must not look as if it had found nothing.
 *
 * @throws ActionError `usage`
 */
export function assertCanConvict({ maxPairs, shard }: Pick<GatePolicy, 'maxPairs' | 'shard'>): void {
  if (!shard || canConvict(maxPairs, shard.count)) return
  const { count } = shard
  const enough = offeredMaxPairs.find((offered) => canConvict(offered, count))
  const most = Array.from({ length: mostShards }, (_, index) => index + 1).findLast((fewer) =>
    canConvict(maxPairs, fewer),
  )
  throw new ActionError(
    'usage',
    `gate.max-pairs: got ${maxPairs}, with ${count} shards. Each shard may call a change without effect slower in ${percent(errorBudget, 'unsigned')} / ${count} of all runs, and ${maxPairs} pairs that all agree happen by chance once in ${2 ** maxPairs}: no slowdown could be proven.`,
    `Set gate.max-pairs to ${enough} or more, or use ${most} shards at most.`,
  )
}

function canConvict(maxPairs: number, count: number): boolean {
  return fewestConvicting({ maxPairs, shard: { index: 1, count } }) !== null
}
