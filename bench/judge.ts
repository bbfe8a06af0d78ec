import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { median } from 'simple-statistics'
import { defaultPolicy } from '../src/model/policy.ts'
import type { RunFile, TrialRecord } from '../src/model/recording.ts'
import type { RequestRecord } from '../src/model/request.ts'
import { plainLoad, type Scenario } from '../src/model/scenario.ts'
import type { Side } from '../src/model/trial.ts'
import { createRecording } from '../src/recording/write.ts'
import { normal } from '../src/stats/normal.ts'
import { type Random, seededRandom } from '../src/stats/random.ts'

/**
 * Time and memory of `llm-perf judge` on a large recording: 15 pairs, 12 scenarios, 300 requests each, through the
 * committed bundle (or that in another folder) in a process of its own. On a busy machine the CPU time tells more.
 *
 *     npm run bench:judge -- [--runs 5] [--dist dist] [--json]
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    dist: { type: 'string', default: resolve(import.meta.dirname, '..', 'dist') },
    json: { type: 'boolean' },
  },
})
const runs = Number(values.runs)
const [pairs, requests] = [15, 300]
const scenarios: readonly Scenario[] = Array.from({ length: 12 }, (_, index) => ({
  ...plainLoad,
  name: `s${index + 1}`,
  promptTokens: 128,
  outputTokens: 64,
  concurrency: 1,
  requests,
  streaming: true,
}))
const startedAt = '2026-01-01T00:00:00.000Z'
const goals = { seconds: 2, memoryMiB: 300 }

const header: Omit<RunFile, 'trials' | 'side'> = {
  schema: 'llm-perf-recording/1',
  toolVersion: '0.1.0',
  commit: null,
  runnerClass: { id: 'bench', os: 'linux', arch: 'x64', cpu: 'any', cores: 2, memoryGiB: 8, gpu: null },
  createdAt: startedAt,
  seed: 1,
  calibration: null,
  plan: { scenarios, gate: defaultPolicy, quantileMethod: 'harrell-davis' },
}

/** Requests one after the other; the latency scatters by 30 % within a trial and by 5 % between trials. */
function requestsOf(trial: string, random: Random): RequestRecord[] {
  const level = Math.exp(0.05 * normal(random))
  return scenarios.flatMap(({ name, promptTokens, outputTokens }, place) => {
    let atMs = 1000 + place * 100_000
    return Array.from({ length: requests }, (_, index) => {
      const sentMs = atMs
      const endMs = sentMs + 100 * level * Math.exp(0.3 * normal(random))
      atMs = endMs + 0.1
      const firstTokenMs = sentMs + (endMs - sentMs) / 5
      return {
        trial,
        scenario: name,
        index,
        scheduledMs: sentMs,
        sentMs,
        firstByteMs: sentMs + 1,
        firstTokenMs,
        lastTokenMs: endMs,
        endMs,
        promptTokens,
        outputTokens,
        firstChunkTokens: 1,
        chunks: outputTokens,
        cachedTokens: 0,
        status: 200,
        outcome: 'ok',
        detail: null,
      }
    })
  })
}

function trialOf(id: string, side: Side, pair: number, records: readonly RequestRecord[]): TrialRecord {
  const windows = scenarios.map(({ name }) => {
    const own = records.filter(({ scenario }) => scenario === name)
    const [startMs, endMs] = [own[0]?.sentMs ?? 0, own.at(-1)?.endMs ?? 0]
    return {
      scenario: name,
      startMs,
      endMs,
      steadyStartMs: startMs,
      steadyEndMs: endMs,
      peakInFlight: 1,
      queuedRequests: 0,
      clientLagTailMs: 0,
      warmupRequests: 2,
      warmupMs: 100,
      warmupFailures: [],
      eventLoopDelayP99Ms: 1,
      eventLoopDelayTailMs: 1,
      promptSource: 'token-ids' as const,
      countSource: 'usage' as const,
    }
  })
  const host = {
    loadAverage1m: 1,
    clientCpuSeconds: 1,
    serverCpuSeconds: null,
    otherCpuFraction: null,
    stealFraction: null,
    serverRssMiB: null,
    clientRssMiB: 90,
    cpuGovernor: null,
  }
  const telemetry = { host, gpu: null, serverMetrics: {} }
  const times = { startedAt, startupMs: 1000, durationMs: 1_300_000, stopMs: 10 }
  const order = 2 * pair + (side === 'base' ? 0 : 1)
  return { id, side, stage: 'pairs', pair, order, ...times, windows, telemetry, findings: [] }
}

async function record(folder: string, side: Side, random: Random): Promise<string> {
  const writer = await createRecording(join(folder, side), { ...header, side })
  for (let pair = 0; pair < pairs; pair++) {
    const id = `${side[0]}${pair + 1}`
    const records = requestsOf(id, random)
    await writer.append(trialOf(id, side, pair, records), records)
  }
  return writer.directory
}

/** What the process itself says at its end. */
interface Usage {
  /** Peak resident memory, KiB. */
  readonly maxRSS: number
  /** Microseconds. */
  readonly userCPUTime: number
  readonly systemCPUTime: number
}
const reportUsage = `process.on('exit', () => process.stderr.write('usage ' + JSON.stringify(process.resourceUsage()) + '\\n'))`

const folder = mkdtempSync(join(tmpdir(), 'llm-perf-judge-'))
const random = seededRandom(1)
const [base, head] = [await record(folder, 'base', random), await record(folder, 'head', random)]
const cli = resolve(values.dist, 'cli', 'index.js')
const measured = Array.from({ length: runs }, () => {
  const startMs = performance.now()
  const args = ['--import', `data:text/javascript,${encodeURIComponent(reportUsage)}`, cli, 'judge', '--base', base]
  const { stdout, stderr, status } = spawnSync(process.execPath, [...args, '--head', head, '--json'], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  const seconds = (performance.now() - startMs) / 1000
  const usage = /usage (\{.*\})/.exec(stderr)?.[1]
  if (!stdout.startsWith('{') || usage === undefined) throw new Error(`judge ended with ${status}: ${stderr}`)
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(usage) as Usage
  const { pairs: pairsJudged } = JSON.parse(stdout) as { pairs: number }
  return { seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, memoryMiB: maxRSS / 1024, pairsJudged }
})
rmSync(folder, { recursive: true })

const result = {
  trials: 2 * pairs,
  scenarios: scenarios.length,
  requests,
  pairsJudged: measured[0]?.pairsJudged,
  secondsMedian: median(measured.map(({ seconds }) => seconds)),
  cpuSecondsMedian: median(measured.map(({ cpuSeconds }) => cpuSeconds)),
  memoryMiBMax: Math.max(...measured.map(({ memoryMiB }) => memoryMiB)),
  goals,
}
if (values.json) console.log(JSON.stringify(result))
else console.table([{ ...result, goals: `${goals.seconds} s, ${goals.memoryMiB} MiB` }])
