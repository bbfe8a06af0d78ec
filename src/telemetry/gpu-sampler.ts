import type { TelemetrySummary } from '../model/telemetry.ts'
import { chooseFields, type GpuSample, parseSample } from './gpu-fields.ts'
import { computeAppFields, describeApp, isForeign, parseComputeApp } from './gpu-processes.ts'
import { summariseGpu } from './gpu-summary.ts'
import { type LineLoop, startLineLoop } from './line-loop.ts'
import {
  answerTimeoutMs,
  askNvidiaSmi,
  brokenTool,
  csvFormat,
  hangingTool,
  isMissingTool,
  saysNoDevices,
} from './nvidia-smi.ts'

export interface GpuSampler {
  stop(): Promise<TelemetrySummary['gpu']>
}

export interface GpuSamplerOptions {
  readonly nvidiaSmi: string
  readonly intervalMs: number
  readonly ownedPids: () => readonly number[]
}

/** Who else is on the GPU changes seldom, and each look costs the machine that is being measured. */
const processesEveryMs = 5000

/** The help of a tool does not change while we run; null: no such tool. */
const knownHelp = new Map<string, string | null>()

/**
 * Watches the GPU until stopped; null without one. Returns once the first sample is there.
 *
 * @throws ActionError `invalid` when the tool is there and fails or hangs.
 */
export async function startGpuSampler(options: GpuSamplerOptions): Promise<GpuSampler | null> {
  const { nvidiaSmi, intervalMs, ownedPids } = options
  const help = await readHelp(nvidiaSmi)
  if (help === null) return null
  const fields = chooseFields(help)
  const samples: GpuSample[] = []
  const isIdleAtStart = ownedPids().length === 0
  const first = Promise.withResolvers<void>()
  const loop = startLineLoop(nvidiaSmi, [`--query-gpu=${fields}`, csvFormat, `--loop-ms=${intervalMs}`], (line) => {
    const sample = parseSample(line, fields)
    if (sample === null) return false
    samples.push(sample)
    first.resolve()
    return true
  })
  if (!(await hasFirstSample(nvidiaSmi, loop, first.promise))) return null
  const processes = watchProcesses(nvidiaSmi, ownedPids)
  return {
    stop: async () => {
      const [others] = await Promise.all([processes.stop(), loop.stop()])
      return summariseGpu(samples, isIdleAtStart, others)
    },
  }
}

async function readHelp(nvidiaSmi: string): Promise<string | null> {
  const known = knownHelp.get(nvidiaSmi)
  if (known !== undefined) return known
  const help = await askNvidiaSmi(nvidiaSmi, ['--help-query-gpu'])
  knownHelp.set(nvidiaSmi, help)
  return help
}

async function hasFirstSample(nvidiaSmi: string, loop: LineLoop, first: Promise<void>): Promise<boolean> {
  const timeout = Promise.withResolvers<'hangs'>()
  const timer = setTimeout(() => timeout.resolve('hangs'), answerTimeoutMs)
  const outcome = await Promise.race([first.then(() => 'samples' as const), loop.ended, timeout.promise])
  clearTimeout(timer)
  if (outcome === 'samples') return true
  await loop.stop()
  if (outcome === 'hangs') throw hangingTool(nvidiaSmi)
  if ((outcome && isMissingTool(outcome)) || saysNoDevices(loop.messages())) return false
  throw brokenTool(nvidiaSmi, loop.messages())
}

/** A tool that cannot list processes (WSL2) leaves the list empty. */
function watchProcesses(nvidiaSmi: string, ownedPids: () => readonly number[]) {
  const others = new Map<number, string>()
  const query = [`--query-compute-apps=${computeAppFields}`, csvFormat, `--loop-ms=${processesEveryMs}`]
  const loop = startLineLoop(nvidiaSmi, query, (line) => {
    const app = parseComputeApp(line)
    if (app && !others.has(app.pid) && isForeign(app, ownedPids())) others.set(app.pid, describeApp(app))
    return app !== null
  })
  return {
    stop: async (): Promise<readonly string[]> => {
      await loop.stop()
      return [...others.values()]
    },
  }
}
