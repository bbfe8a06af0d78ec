import { z } from 'zod'
import { mostShards, type Shard } from './shard.ts'

const place = z.number().int().min(1).max(mostShards)

/** A shard as it stands in recordings and baselines. */
export const shardSchema: z.ZodType<Shard> = z
  .strictObject({ index: place, count: place })
  .refine(({ index, count }) => index <= count, { error: 'a shard past the last one' })
