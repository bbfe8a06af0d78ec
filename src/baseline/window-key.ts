import type { BaselineWindow } from '../model/baseline.ts'
import { shardName } from '../model/shard.ts'

/** Whose window it is: a runner class, or one shard that is measured there. */
export type WindowOwner = Pick<BaselineWindow, 'runnerClass' | 'shard'>

/** The key under which the file keeps a window: `rtx-2060-5f3a9c1e`, `rtx-2060-5f3a9c1e shard 2/4`. */
export function windowKey({ runnerClass, shard }: WindowOwner): string {
  return shard ? `${runnerClass.id} shard ${shardName(shard)}` : runnerClass.id
}
