import { appendJob } from '../../src/baseline/index.ts'
import type { BaselineFile, BaselineJob } from '../../src/model/baseline.ts'
import { defaultPolicy } from '../../src/model/policy.ts'
import type { RunnerClass } from '../../src/model/runner-class.ts'
import { plainLoad, type Scenario } from '../../src/model/scenario.ts'

export const runnerClass: RunnerClass = {
  id: 'rtx-2060-5f3a9c1e',
  os: 'linux',
  arch: 'x64',
  cpu: 'Ryzen 5',
  cores: 12,
  memoryGiB: 32,
  gpu: { name: 'RTX 2060', count: 1, memoryMiB: 6144, driver: '550.1' },
}

export const scenario: Scenario = {
  name: 'p128-o64-c4',
  ...plainLoad,
  promptTokens: 128,
  outputTokens: 64,
  concurrency: 4,
  requests: 60,
  streaming: true,
}

export const now = new Date('2026-03-02T00:00:00.000Z')

/** What every append of a test has in common. */
export const common = { runnerClass, scenarios: [scenario], policy: defaultPolicy, toolVersion: '0.1.0', now } as const

/** A file with one window of one job. */
export function file(): BaselineFile {
  return appendJob(null, { ...common, job: job([100, 101]) })
}

/** A job of one trial per latency value; tokens/s is 1000 / latency. */
export function job(
  latencies: readonly number[],
  change: Partial<BaselineJob> = {},
  scenario = 'p128-o64-c4',
): BaselineJob {
  return {
    commit: 'c'.repeat(40),
    at: '2026-03-01T10:00:00.000Z',
    kind: 'push',
    runUrl: null,
    accepted: [],
    shifts: [],
    trials: latencies.map((latency, index) => ({
      id: `t${index}`,
      startedAt: '2026-03-01T10:00:00.000Z',
      startupMs: 2000,
      scenarios: {
        [scenario]: {
          values: {
            latencyTail: latency,
            tokensPerSecond: 1000 / latency,
            latencyMedian: latency,
            latencyMean: latency,
            ttftTail: null,
            ttftMedian: null,
            tpotMean: null,
            requestRate: 1,
            latencySentTail: null,
            ttftSentTail: null,
            queueDelayTail: null,
            queueDelayMedian: null,
            sendRate: null,
            goodput: null,
          },
          percentile: 90,
          requests: 60,
          successRate: 1,
        },
      },
    })),
    ...change,
  }
}
