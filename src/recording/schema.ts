import { z } from 'zod'
import type { RunFile } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'

/**
 * Shape of a recording's two files, as readers demand it. Unknown keys are refused too: a file that says more than we
 * understand was written by another version, and half-understood numbers must not be judged.
 */
export const recordingSchemaName = 'llm-perf-recording/1'

const finite = z.number()
const nonNegative = z.number().nonnegative()
const count = z.number().int().nonnegative()
const fraction = z.number().min(0).max(1)
const name = z.string().regex(/^[A-Za-z0-9._-]+$/, 'a name of letters, digits, ".", "_" and "-"')

export const scenarioSchema = z.strictObject({
  name,
  promptTokens: z.number().int().positive(),
  outputTokens: z.number().int().positive(),
  concurrency: z.number().int().positive(),
  requests: z.number().int().positive(),
  streaming: z.boolean(),
})

export const runnerClassSchema = z.strictObject({
  id: z.string().min(1),
  os: z.string(),
  arch: z.string(),
  cpu: z.string(),
  cores: z.number().int().positive(),
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
})

const windowSchema = z.strictObject({
  scenario: name,
  startMs: nonNegative,
  endMs: nonNegative,
  warmupRequests: count,
  warmupMs: nonNegative,
  warmupFailures: z.array(z.string()),
  eventLoopDelayP99Ms: nonNegative,
  eventLoopDelayTailMs: nonNegative,
  promptSource: z.enum(['token-ids', 'tokenize', 'words']),
  countSource: z.enum(['usage', 'mapping', 'requested']),
})

const telemetrySchema = z.strictObject({
  host: z.strictObject({
    loadAverage1m: nonNegative,
    clientCpuSeconds: nonNegative,
    stealFraction: nonNegative.nullable(),
    serverRssMiB: nonNegative.nullable(),
  }),
  gpu: z
    .strictObject({
      samples: count,
      memoryIdleMiB: nonNegative.nullable(),
      memoryPeakMiB: nonNegative.nullable(),
      smClockMedianMhz: nonNegative.nullable(),
      temperatureMaxC: finite.nullable(),
      powerMeanW: nonNegative.nullable(),
      throttleReasons: z.record(z.string(), fraction),
      otherProcesses: z.array(z.string()),
    })
    .nullable(),
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
  telemetry: telemetrySchema,
  findings: z.array(findingSchema),
})

export const runFileSchema: z.ZodType<RunFile> = z.strictObject({
  schema: z.literal(recordingSchemaName),
  toolVersion: z.string().min(1),
  commit: z.string().nullable(),
  side: z.enum(['base', 'head']),
  runnerClass: runnerClassSchema,
  createdAt: z.iso.datetime(),
  seed: z.number().int(),
  plan: z.strictObject({
    scenarios: z.array(scenarioSchema).min(1),
    gate: gateSchema,
    quantileMethod: z.literal('harrell-davis'),
  }),
  trials: z.array(trialSchema),
})

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
  outcome: z.enum([
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
  ]),
  detail: z.string().nullable(),
})
