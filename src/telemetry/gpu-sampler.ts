import type { GpuSummary } from '../model/telemetry.ts'
import { chooseFields, fieldsOfEveryDriver, type GpuSample, parseSample, refusedField } from './gpu-fields.ts'
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
import type { Span } from './span.ts'

export interface GpuSampler {
  /** @param load when requests were under way */
  stop(load: Span): Promise<GpuSummary>
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
  const { nvidiaSmi, ownedPids } = options
  const help = await readHelp(nvidiaSmi)
  if (help === null) return null
  const isIdleAtStart = ownedPids().length === 0
  const sampling = await startSampling(options, chooseFields(help))
  if (sampling === null) return null
  const { samples, loop } = sampling
  const processes = watchProcesses(nvidiaSmi, ownedPids)
  return {
    stop: async (load) => {
      const [otherProcesses] = await Promise.all([processes.stop(), loop.stop()])
      return summariseGpu({ samples, isIdleAtStart, otherProcesses, load })
    },
  }
}

interface Sampling {
  readonly samples: readonly GpuSample[]
  readonly loop: LineLoop
}

/** Fields that the tool refuses, though its help lists them, are given up one by one. */
async function startSampling(options: GpuSamplerOptions, fields: readonly string[]): Promise<Sampling | null> {
  const { nvidiaSmi, intervalMs } = options
  const samples: GpuSample[] = []
  const first = Promise.withResolvers<void>()
  const loop = startLineLoop(nvidiaSmi, [`--query-gpu=${fields}`, csvFormat, `--loop-ms=${intervalMs}`], (line) => {
    const sample = parseSample(line, fields, performance.now())
    if (sample === null) return false
    samples.push(sample)
    first.resolve()
    return true
  })
  const outcome = await firstOutcome(loop, first.promise)
  if (outcome === 'samples') return { samples, loop }
  await loop.stop()
  const refused = refusedField(loop.messages())
  if (refused !== null && fields.includes(refused) && !fieldsOfEveryDriver.includes(refused)) {
    return await startSampling(
      options,
      fields.filter((field) => field !== refused),
    )
  }
  if ((outcome instanceof Error && isMissingTool(outcome)) || saysNoDevices(loop.messages())) return null
  // A tool that talks, though not in rows, does not hang: what it says is worth more.
  throw outcome === 'hangs' && loop.messages() === '' ? hangingTool(nvidiaSmi) : brokenTool(nvidiaSmi, loop.messages())
}

async function firstOutcome(loop: LineLoop, first: Promise<void>): Promise<'samples' | 'hangs' | Error | null> {
  const timeout = Promise.withResolvers<'hangs'>()
  const timer = setTimeout(() => timeout.resolve('hangs'), answerTimeoutMs)
  try {
    return await Promise.race([first.then(() => 'samples' as const), loop.ended, timeout.promise])
  } finally {
    clearTimeout(timer)
  }
}

async function readHelp(nvidiaSmi: string): Promise<string | null> {
  const known = knownHelp.get(nvidiaSmi)
  if (known !== undefined) return known
  const help = await askNvidiaSmi(nvidiaSmi, ['--help-query-gpu'])
  knownHelp.set(nvidiaSmi, help)
  return help
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
