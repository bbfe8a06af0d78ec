import { ActionError } from '../errors.ts'
import { assertCanConvict } from '../judge/index.ts'
import type { Config } from '../model/config.ts'
import type { GatePolicy } from '../model/policy.ts'
import { mostShards, type Shard, scenariosOfShard, shardName } from '../model/shard.ts'

/** What a shard may look like, for messages. */
export const shardForm = `k/n, whole numbers, 1 <= k <= n <= ${mostShards}, such as 2/4`

/** Reads `2/4`; null for anything else. */
export function parseShard(text: string): Shard | null {
  const [, index, count] = /^\s*([1-9]\d*)\s*\/\s*([1-9]\d*)\s*$/.exec(text) ?? []
  const shard = { index: Number(index), count: Number(count) }
  return shard.index <= shard.count && shard.count <= mostShards ? shard : null
}

/**
 * The part of a configuration that a shard measures and judges; all of it without one.
 *
 * @throws ActionError `usage` when there are more shards than scenarios, or when so many can never prove a slowdown
 */
export function configOfShard(config: Config, shard: Shard | null): Config {
  if (shard === null) return config
  const { scenarios } = config.load
  if (shard.count > scenarios.length) {
    throw new ActionError(
      'usage',
      `Shard ${shardName(shard)}: got ${shard.count} shards for ${scenarios.length} scenarios; a shard without a scenario would measure nothing.`,
      `Use ${scenarios.length} shards at most, or add scenarios.`,
    )
  }
  const load = { ...config.load, scenarios: scenariosOfShard(scenarios, shard) }
  return { ...config, load, gate: policyOfShard(config.gate, shard) }
}

/**
 * The policy that a shard is held to.
 *
 * @throws ActionError `usage` when so many shards can never prove a slowdown with its pairs
 */
export function policyOfShard(policy: GatePolicy, shard: Shard | null): GatePolicy {
  if (shard === null) return policy
  const own = { ...policy, shard }
  assertCanConvict(own)
  return own
}

/** A folder's name that two shards on one machine do not share. */
export function folderOfShard(name: string, shard: Shard | null): string {
  return shard === null ? name : `${name}-shard-${shard.index}-of-${shard.count}`
}
