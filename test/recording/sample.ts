import { defaultPolicy } from '../../src/model/policy.ts'
import type { RunFile, TrialRecord } from '../../src/model/recording.ts'
import type { RequestRecord } from '../../src/model/request.ts'
import { plainLoad, type Scenario } from '../../src/model/scenario.ts'

export const scenario: Scenario = {
  name: 'p128-o64-c4',
  ...plainLoad,
  promptTokens: 128,
  outputTokens: 64,
  concurrency: 4,
  requests: 5,
  streaming: true,
}

export const header: Omit<RunFile, 'trials'> = {
  schema: 'llm-perf-recording/1',
  toolVersion: '0.1.0',
  commit: 'a'.repeat(40),
  side: 'head',
  runnerClass: { id: 'cpu-1', os: 'linux', arch: 'x64', cpu: 'CPU', cores: 2, memoryGiB: 24, gpu: null },
  createdAt: '2026-11-22T06:00:00.000Z',
  seed: 1,
  calibration: null,
  plan: { scenarios: [scenario], gate: defaultPolicy, quantileMethod: 'harrell-davis' },
}

export function trial(id: string, order: number, changes: Partial<TrialRecord> = {}): TrialRecord {
  return {
    id,
    side: 'head',
    stage: 'screen',
    pair: null,
    order,
    startedAt: '2026-11-22T06:00:00.000Z',
    startupMs: 900,
    durationMs: 4000,
    stopMs: 20,
    windows: [
      {
        scenario: scenario.name,
        startMs: 1000,
        endMs: 1500,
        steadyStartMs: 1000,
        steadyEndMs: 1500,
        peakInFlight: 4,
        queuedRequests: 0,
        clientLagTailMs: 0,
        warmupRequests: 4,
        warmupMs: 100,
        warmupFailures: [],
        eventLoopDelayP99Ms: 1,
        eventLoopDelayTailMs: 1,
        promptSource: 'token-ids',
        countSource: 'usage',
      },
    ],
    telemetry: {
      host: {
        loadAverage1m: 1,
        clientCpuSeconds: 0.1,
        serverCpuSeconds: null,
        otherCpuFraction: null,
        stealFraction: null,
        serverRssMiB: null,
        clientRssMiB: 90,
        cpuGovernor: null,
      },
      gpu: null,
      serverMetrics: {},
    },
    findings: [],
    ...changes,
  }
}

/** A request as design and schema want it: sent at 1000 + 100 x index, 90 ms long. */
export function request(trialId: string, index: number, changes: Partial<RequestRecord> = {}): RequestRecord {
  const sentMs = 1000 + 100 * index
  return {
    trial: trialId,
    scenario: scenario.name,
    index,
    scheduledMs: sentMs,
    sentMs,
    firstByteMs: sentMs + 20,
    firstTokenMs: sentMs + 27,
    lastTokenMs: sentMs + 90,
    endMs: sentMs + 90,
    promptTokens: 128,
    outputTokens: 64,
    firstChunkTokens: 1,
    chunks: 64,
    cachedTokens: 0,
    status: 200,
    outcome: 'ok',
    detail: null,
    ...changes,
  }
}

export const fiveRequests = (trialId: string): RequestRecord[] =>
  [0, 1, 2, 3, 4].map((index) => request(trialId, index))
