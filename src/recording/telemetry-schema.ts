import { z } from 'zod'
import { nameSchema } from '../model/scenario-schema.ts'
import type { TelemetrySummary } from '../model/telemetry.ts'

const nonNegative = z.number().nonnegative()
const fraction = z.number().min(0).max(1)
const fractions = z.record(z.string(), fraction)
const maybe = nonNegative.nullable()

const hostSchema = z.strictObject({
  loadAverage1m: nonNegative,
  clientCpuSeconds: nonNegative,
  serverCpuSeconds: maybe,
  otherCpuFraction: fraction.nullable(),
  stealFraction: maybe,
  serverRssMiB: maybe,
  clientRssMiB: nonNegative,
  cpuGovernor: z.string().nullable(),
})

const gpuSchema = z.strictObject({
  samples: z.number().int().nonnegative(),
  longestGapMs: nonNegative,
  memoryIdleMiB: maybe,
  memoryPeakMiB: maybe,
  utilizationMedian: fraction.nullable(),
  utilizationPeak: fraction.nullable(),
  smClockMedianMhz: maybe,
  memoryClockMedianMhz: maybe,
  temperatureMaxC: z.number().nullable(),
  powerMeanW: maybe,
  powerPeakW: maybe,
  powerLimitW: maybe,
  performanceStates: fractions,
  throttleReasons: fractions.nullable(),
  throttleTime: fractions.nullable(),
  otherProcesses: z.array(z.string()),
})

const serverMetricsSchema = z.strictObject({
  server: z.enum(['vllm', 'sglang', 'tgi', 'llama.cpp']),
  promptTokens: maybe,
  outputTokens: maybe,
  requests: maybe,
  ttftMeanMs: maybe,
  clientTtftMeanMs: maybe,
  cacheQueries: maybe,
  cacheHits: maybe,
  preemptions: maybe,
})

/** Telemetry of a trial as it stands in run.json. */
export const telemetrySchema: z.ZodType<TelemetrySummary> = z.strictObject({
  host: hostSchema,
  gpu: gpuSchema.nullable(),
  serverMetrics: z.record(nameSchema, serverMetricsSchema),
})
