import { z } from 'zod'
import type { Scenario } from './scenario.ts'

const positive = z.number().positive()
const whole = z.number().int().positive()

/** A key that JSON.parse keeps but that an object copied key by key would lose, so that its numbers vanish unseen. */
const prototypeKey = '__proto__'

/** A name that is also part of a file or a key: of a scenario, a trial, a runner class. */
export const nameSchema = z
  .string()
  .regex(/^[A-Za-z0-9._-]+$/, 'a name of letters, digits, ".", "_" and "-"')
  .refine((value) => value !== prototypeKey, { error: `"${prototypeKey}" is not allowed as a name` })

/** A scenario as it stands in recordings and baselines. */
export const scenarioSchema: z.ZodType<Scenario> = z.strictObject({
  name: nameSchema,
  promptTokens: whole,
  outputTokens: whole,
  // Absent in files of older versions.
  outputLength: z.enum(['exact', 'at-most']).default('exact'),
  concurrency: whole.nullable(),
  arrivals: z.strictObject({ requestsPerSecond: positive, burstiness: positive.nullable() }).nullable(),
  thinkTimeMs: z.number().nonnegative(),
  rampSeconds: z.number().nonnegative(),
  requests: whole,
  minSeconds: z.number().nonnegative(),
  streaming: z.boolean(),
  objectives: z
    .strictObject({ ttftMs: positive.nullable(), tpotMs: positive.nullable(), latencyMs: positive.nullable() })
    .nullable(),
  prompts: z.strictObject({ file: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
})
