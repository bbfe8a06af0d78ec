import { type Shard, shardName } from '../model/shard.ts'

/** A title that cannot be taken for that of the whole matrix: `Shard 2/4: ...`. Null: it is that of the whole. */
export function titleOfShard(title: string, shard: Shard | null): string {
  return shard === null ? title : `Shard ${shardName(shard)}: ${title}`
}

/** Where a shard is a part of a pull request, its result is not the verdict. */
export const mergeJudges = 'The job with mode merge gives the verdict on the whole.'
