import type { TelemetrySummary } from '../model/telemetry.ts'
import { startGpuSampler } from './gpu-sampler.ts'
import { startHostSampler } from './host.ts'
import { defaultNvidiaSmi } from './nvidia-smi.ts'

export interface SamplerOptions {
  readonly serverRssMiB: () => number | null
  /** Leaders of our own process groups. None at the start means: the GPU is still idle, so its memory is the idle one. */
  readonly ownedPids?: () => readonly number[]
  readonly nvidiaSmi?: string
  readonly intervalMs?: number
}

export interface Sampler {
  /** Ends the watching. May be called again: every call gets the first one's result. */
  stop(): Promise<TelemetrySummary>
}

const defaultIntervalMs = 500

/**
 * Watches the machine during a trial.
 *
 * @throws ActionError `invalid` when there is a GPU that cannot be watched.
 */
export async function startSampler(options: SamplerOptions): Promise<Sampler> {
  const { serverRssMiB, ownedPids = () => [], nvidiaSmi = defaultNvidiaSmi, intervalMs = defaultIntervalMs } = options
  const gpu = await startGpuSampler({ nvidiaSmi, intervalMs, ownedPids })
  const host = startHostSampler(serverRssMiB, intervalMs)
  let summary: Promise<TelemetrySummary> | undefined
  const finish = async (): Promise<TelemetrySummary> => ({ host: host.stop(), gpu: (await gpu?.stop()) ?? null })
  return {
    stop: () => {
      summary ??= finish()
      return summary
    },
  }
}
