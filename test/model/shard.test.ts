import { describe, expect, test } from 'vitest'
import { allShards, mostShards, scenariosOfShard, shardName } from '../../src/model/shard.ts'
import { shardSchema } from '../../src/model/shard-schema.ts'

describe('all shards', () => {
  test('are counted from 1 and know how many they are', () => {
    expect(allShards(3)).toEqual([
      { index: 1, count: 3 },
      { index: 2, count: 3 },
      { index: 3, count: 3 },
    ])
    expect(allShards(2).map(shardName)).toEqual(['1/2', '2/2'])
    expect(allShards(1).map(shardName)).toEqual(['1/1'])
  })

  test('of 0 are none', () => {
    expect(allShards(0)).toEqual([])
  })

  test.each([1, 2, 3, 7, mostShards])('of %i measure every scenario once, and may stand in a recording', (count) => {
    const scenarios = Array.from({ length: 10 }, (_, place) => `s${place}`)
    const dealt = allShards(count).flatMap((shard) => scenariosOfShard(scenarios, shard))
    expect(dealt.toSorted()).toEqual(scenarios)
    for (const shard of allShards(count)) expect(shardSchema.parse(shard)).toEqual(shard)
  })
})
