import { z } from 'zod'
import { gatedMetrics } from '../metrics/index.ts'
import type { AcceptedSlowdown } from './accepted.ts'
import { nameSchema } from './scenario-schema.ts'

/** An accepted slowdown as it stands in recordings and baselines. */
export const acceptedSchema: z.ZodType<AcceptedSlowdown> = z.strictObject({
  scenario: nameSchema.nullable(),
  metric: z.enum(gatedMetrics).nullable(),
  reason: z.string().min(1),
  source: z.string().min(1),
})
