import type { TelemetrySummary } from '../model/telemetry.ts'
import { startGpuSampler } from './gpu-sampler.ts'
import { startHostSampler } from './host.ts'
import { defaultNvidiaSmi } from './nvidia-smi.ts'
import type { Span } from './span.ts'

export interface SamplerOptions {
  readonly serverRssMiB: () => number | null
  /** Leaders of our own process groups. None at the start means: the GPU is still idle, so its memory is the idle one. */
  readonly ownedPids?: () => readonly number[]
  readonly nvidiaSmi?: string
  readonly intervalMs?: number
}

/** What was watched from outside of the server. */
export type Watched = Omit<TelemetrySummary, 'serverMetrics'>

export interface Sampler {
  /**
   * Ends the watching; best while the server still runs, since what it used is told only by the living. May be called
   * again: every call gets the first one's result.
   *
   * @param load when requests were under way; left out: all the time
   */
  stop(load?: Span): Promise<Watched>
}

const defaultIntervalMs = 500

/**
 * Watches the machine during a trial.
 *
 * @throws ActionError `invalid` when there is a GPU that cannot be watched.
 */
export async function startSampler(options: SamplerOptions): Promise<Sampler> {
  const { serverRssMiB, ownedPids = () => [], nvidiaSmi = defaultNvidiaSmi, intervalMs = defaultIntervalMs } = options
  const startMs = performance.now()
  const gpu = await startGpuSampler({ nvidiaSmi, intervalMs, ownedPids })
  const host = startHostSampler({ serverRssMiB, serverGroups: ownedPids, intervalMs })
  let watched: Promise<Watched> | undefined
  const finish = async (load: Span): Promise<Watched> => ({
    host: host.stop(),
    gpu: (await gpu?.stop(load)) ?? null,
  })
  return {
    stop: (load) => {
      watched ??= finish(load ?? { fromMs: startMs, toMs: performance.now() })
      return watched
    },
  }
}
