import { z } from 'zod'
import { acceptedSchema } from '../model/accepted-schema.ts'
import type { RunFile } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import { nameSchema, scenarioSchema } from '../model/scenario-schema.ts'
import { shardSchema } from '../model/shard-schema.ts'
import { outputsSchema } from './outputs-schema.ts'
import { telemetrySchema } from './telemetry-schema.ts'

/**
 * Shape of a recording's two files, as readers demand it. Unknown keys are refused too: a file that says more than we
 * understand was written by another version, and half-understood numbers must not be judged.
 */
export const recordingSchemaName = 'llm-perf-recording/1'

const finite = z.number()
const nonNegative = z.number().nonnegative()
const count = z.number().int().nonnegative()
const fraction = z.number().min(0).max(1)
const name = nameSchema

export const runnerClassSchema = z.strictObject({
  id: z.string().min(1),
  os: z.string(),
  arch: z.string(),
  cpu: z.string(),
  cores: count,
  memoryGiB: nonNegative,
  gpu: z
    .strictObject({ name: z.string(), count: z.number().int().positive(), memoryMiB: nonNegative, driver: z.string() })
    .nullable(),
})

const findingSchema = z.strictObject({
  code: z.string().min(1),
  scenario: name.nullable(),
  message: z.string(),
  hint: z.string(),
})

const gateSchema = z.strictObject({
  margins: z.strictObject({
    latencyTail: z.number().positive(),
    tokensPerSecond: z.number().positive(),
    latencyTailAll: z.number().positive(),
    tokensPerSecondAll: z.number().positive(),
  }),
  failureLimit: fraction,
  maxPairs: z.number().int().positive(),
  trials: z.number().int().positive(),
  calibrationTrials: z.number().int().positive(),
  budgetMinutes: z.number().positive(),
  shard: shardSchema.optional(),
})

const windowSchema = z.strictObject({
  scenario: name,
  startMs: nonNegative,
  endMs: nonNegative,
  steadyStartMs: nonNegative,
  steadyEndMs: nonNegative,
  peakInFlight: count,
  queuedRequests: count,
  clientLagTailMs: nonNegative,
  warmupRequests: count,
  warmupMs: nonNegative,
  warmupFailures: z.array(z.string()),
  eventLoopDelayP99Ms: nonNegative,
  eventLoopDelayTailMs: nonNegative,
  promptSource: z.enum(['token-ids', 'tokenize', 'words', 'file', 'unknown']),
  countSource: z.enum(['usage', 'mapping', 'requested', 'unknown']),
})

const trialSchema = z.strictObject({
  id: name,
  side: z.enum(['base', 'head']),
  stage: z.enum(['baseline', 'screen', 'pairs', 'discarded']),
  pair: count.nullable(),
  order: count,
  startedAt: z.iso.datetime(),
  startupMs: nonNegative,
  durationMs: nonNegative,
  stopMs: nonNegative,
  windows: z.array(windowSchema),
  telemetry: telemetrySchema.nullable(),
  findings: z.array(findingSchema),
  outputs: outputsSchema.optional(),
})

const clientErrorSchema = z.strictObject({ medianMs: finite, p99Ms: finite })

const calibrationSchema = z.strictObject({
  concurrency: z.number().int().positive(),
  requests: z.number().int().positive(),
  ttft: clientErrorSchema,
  tpot: clientErrorSchema,
  latency: clientErrorSchema,
  attempts: z.number().int().positive(),
})

const importedSchema = z.strictObject({
  tool: z.string().min(1),
  version: z.string().nullable(),
  from: z.array(z.string()),
  untold: z.array(z.string()),
})

export const runFileSchema: z.ZodType<RunFile> = z.strictObject({
  schema: z.literal(recordingSchemaName),
  toolVersion: z.string().min(1),
  commit: z.string().nullable(),
  side: z.enum(['base', 'head']),
  runnerClass: runnerClassSchema,
  createdAt: z.iso.datetime(),
  seed: z.number().int(),
  calibration: calibrationSchema.nullable(),
  imported: importedSchema.optional(),
  plan: z.strictObject({
    scenarios: z.array(scenarioSchema).min(1),
    gate: gateSchema,
    quantileMethod: z.literal('harrell-davis'),
  }),
  accepted: z.array(acceptedSchema).optional(),
  trials: z.array(trialSchema),
})

export const outcomeSchema = z.enum([
  'ok',
  'http-error',
  'connect-error',
  'stale-socket',
  'reset',
  'deadline',
  'stream-error',
  'truncated',
  'malformed',
  'no-text',
  'no-usage',
  'wrong-length',
  'aborted',
])

export const requestRecordSchema: z.ZodType<RequestRecord> = z.strictObject({
  trial: name,
  scenario: name,
  index: count,
  scheduledMs: finite,
  sentMs: finite.nullable(),
  firstByteMs: finite.nullable(),
  firstTokenMs: finite.nullable(),
  lastTokenMs: finite.nullable(),
  endMs: finite.nullable(),
  promptTokens: count.nullable(),
  outputTokens: count.nullable(),
  firstChunkTokens: count.nullable(),
  chunks: count,
  cachedTokens: count.nullable(),
  status: count.nullable(),
  outcome: outcomeSchema,
  detail: z.string().nullable(),
})
