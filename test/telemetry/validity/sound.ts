import { defaultPolicy } from '../../../src/model/policy.ts'
import type { RequestRecord } from '../../../src/model/request.ts'
import { plainLoad } from '../../../src/model/scenario.ts'
import type { GpuSummary, HostSummary, TelemetrySummary } from '../../../src/model/telemetry.ts'
import { findInvalid, type ValidityInput } from '../../../src/telemetry/index.ts'

const requests = 30

/** Request `index` of a sound measurement: 100 ms long, one after the other. */
export function soundRequest(index: number): RequestRecord {
  const sentMs = 1000 + index * 100
  return {
    trial: 'h1',
    scenario: 'p128-o16-c1',
    index,
    scheduledMs: sentMs,
    sentMs,
    firstByteMs: sentMs + 20,
    firstTokenMs: sentMs + 21,
    lastTokenMs: sentMs + 99,
    endMs: sentMs + 99.5,
    promptTokens: 128,
    outputTokens: 16,
    firstChunkTokens: 1,
    chunks: 16,
    cachedTokens: 0,
    status: 200,
    outcome: 'ok',
    detail: null,
  }
}

export const soundGpu: GpuSummary = {
  samples: 6,
  longestGapMs: 510,
  memoryIdleMiB: 200,
  memoryPeakMiB: 3421,
  utilizationMedian: 0.98,
  utilizationPeak: 1,
  smClockMedianMhz: 1830,
  memoryClockMedianMhz: 7000,
  temperatureMaxC: 67,
  powerMeanW: 140,
  powerPeakW: 158,
  powerLimitW: 160,
  performanceStates: { P0: 1 },
  throttleReasons: { sw_power_cap: 0.5 },
  throttleTime: null,
  otherProcesses: [],
}

export const soundHost: HostSummary = {
  loadAverage1m: 1,
  clientCpuSeconds: 1,
  serverCpuSeconds: 12,
  otherCpuFraction: 0.03,
  stealFraction: 0,
  serverRssMiB: 900,
  clientRssMiB: 110,
  cpuGovernor: 'performance',
}

/** Without the server's own counters: most servers have none. */
export const soundTelemetry: TelemetrySummary = { host: soundHost, gpu: soundGpu, serverMetrics: {} }

/** A measurement with nothing wrong: each test breaks one thing of it. */
export const sound: ValidityInput = {
  scenario: {
    ...plainLoad,
    name: 'p128-o16-c1',
    promptTokens: 128,
    outputTokens: 16,
    concurrency: 1,
    requests,
    streaming: true,
  },
  records: Array.from({ length: requests }, (_, index) => soundRequest(index)),
  window: {
    scenario: 'p128-o16-c1',
    startMs: 1000,
    endMs: 4000,
    steadyStartMs: 1000,
    steadyEndMs: 4000,
    peakInFlight: 1,
    queuedRequests: 0,
    clientLagTailMs: 0,
    warmupRequests: 2,
    warmupMs: 200,
    warmupFailures: [],
    eventLoopDelayP99Ms: 1,
    eventLoopDelayTailMs: 1,
    promptSource: 'token-ids',
    countSource: 'usage',
  },
  telemetry: soundTelemetry,
  policy: defaultPolicy,
  calibration: null,
}

/** The sound measurement with some requests changed, starting with the first. */
export function withRequests(
  count: number,
  change: Partial<RequestRecord>,
  base: ValidityInput = sound,
): ValidityInput {
  return { ...base, records: base.records.map((record, at) => (at < count ? { ...record, ...change } : record)) }
}

/** Codes of all findings, in the order of the report. */
export function codesOf(input: ValidityInput): string[] {
  return findInvalid(input).map(({ code }) => code)
}

/** `message hint` of the finding with this code. */
export function wordsOf(input: ValidityInput, code: string): string {
  const finding = findInvalid(input).find((candidate) => candidate.code === code)
  return finding ? `${finding.message} ${finding.hint}` : 'no such finding'
}
