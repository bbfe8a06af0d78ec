import { defaultPolicy } from '../../src/model/policy.ts'
import { allShards, scenariosOfShard } from '../../src/model/shard.ts'
import { worstConclusion } from '../../src/model/verdict.ts'
import type { Change } from './cases.ts'
import type { Environment } from './environments.ts'
import { Simulation } from './simulation.ts'
import type { JudgedRun } from './tally.ts'

/**
 * One pull request whose matrix is dealt out to `count` shards: machines of one kind, each with its own noise and its own
 * window. The worst shard's conclusion is that of the whole, as at the merge.
 */
export function shardedPullRequest(environment: Environment, count: number, seed: number, change: Change): JudgedRun {
  const places = Array.from({ length: environment.scenarios }, (_, place) => place)
  const runs = allShards(count).map((shard) => {
    const own = scenariosOfShard(places, shard)
    const simulation = new Simulation({ ...environment, scenarios: own.length }, seed * count + shard.index - 1)
    const slower = own.filter((place) => place < change.scenarios).length
    const policy = { ...defaultPolicy, shard }
    const { report, passes } = simulation.pullRequest({ ...change, scenarios: slower }, policy)
    return { report, passes: (passes * own.length) / places.length }
  })
  return {
    report: {
      conclusion: worstConclusion(runs.map(({ report }) => report.conclusion)),
      pairs: Math.max(...runs.map(({ report }) => report.pairs)),
    },
    passes: runs.reduce((total, { passes }) => total + passes, 0),
  }
}
