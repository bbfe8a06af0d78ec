import { z } from 'zod'
import type { TrialOutputs } from '../model/outputs.ts'

const answerSchema = z.strictObject({
  digest: z.string().regex(/^[0-9a-f]{16}$/),
  beginning: z.string(),
  finishReason: z.string().nullable(),
  tokens: z.number().int().nonnegative().nullable(),
})

/** Greedy answers of a trial as they stand in run.json. */
export const outputsSchema: z.ZodType<TrialOutputs> = z.strictObject({
  questions: z.string().min(1),
  answers: z.array(answerSchema.nullable()),
  durationMs: z.number().nonnegative(),
})
