import { defaultPolicy } from '../../src/model/policy.ts'
import { scenariosOfShard } from '../../src/model/shard.ts'
import type { Conclusion } from '../../src/model/verdict.ts'
import type { Change } from './cases.ts'
import type { Environment } from './environments.ts'
import { Simulation } from './simulation.ts'
import type { JudgedRun } from './tally.ts'

const worstFirst: readonly Conclusion[] = ['regressed', 'invalid', 'inconclusive', 'pass']

/**
 * One pull request whose matrix is dealt out to `count` shards: machines of one kind, each with its own noise and its own
 * window. The worst shard's conclusion is that of the whole, as at the merge.
 */
export function shardedPullRequest(environment: Environment, count: number, seed: number, change: Change): JudgedRun {
  const places = Array.from({ length: environment.scenarios }, (_, place) => place)
  const runs = Array.from({ length: count }, (_, shard) => {
    const own = scenariosOfShard(places, { index: shard + 1, count })
    const simulation = new Simulation({ ...environment, scenarios: own.length }, seed * count + shard)
    const slower = own.filter((place) => place < change.scenarios).length
    const policy = { ...defaultPolicy, shard: { index: shard + 1, count } }
    const { report, passes } = simulation.pullRequest({ ...change, scenarios: slower }, policy)
    return { report, passes: (passes * own.length) / places.length }
  })
  const conclusions = runs.map(({ report }) => report.conclusion)
  return {
    report: {
      conclusion: worstFirst.find((conclusion) => conclusions.includes(conclusion)) ?? 'invalid',
      pairs: Math.max(...runs.map(({ report }) => report.pairs)),
    },
    passes: runs.reduce((total, { passes }) => total + passes, 0),
  }
}
