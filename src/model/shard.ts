/** A part of the matrix that a job of its own measures, so that several machines of one class share the work. */
export interface Shard {
  /** Counted from 1. */
  readonly index: number
  /** How many shards make the whole matrix, at least 1. */
  readonly count: number
}

/** More machines of one class nobody has, and the error budget of each would become too small to prove anything. */
export const mostShards = 64

/** `2/4`, as in input `shard`. */
export function shardName({ index, count }: Shard): string {
  return `${index}/${count}`
}

/** Every shard of a whole, in their order; none of 0. */
export function allShards(count: number): Shard[] {
  return Array.from({ length: count }, (_, place) => ({ index: place + 1, count }))
}

/** The scenarios of a shard: dealt out in turn, so that neighbours in the matrix, which cost alike, part. */
export function scenariosOfShard<T>(scenarios: readonly T[], { index, count }: Shard): T[] {
  return scenarios.filter((_, place) => place % count === index - 1)
}
