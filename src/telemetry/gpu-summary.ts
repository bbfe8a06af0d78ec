import type { TelemetrySummary } from '../model/telemetry.ts'
import type { GpuSample } from './gpu-fields.ts'

type GpuSummary = NonNullable<TelemetrySummary['gpu']>

/**
 * What the samples of a trial come to. Memory and power are sums over the GPUs of the machine, temperature is that of
 * the hottest one, and a throttle reason counts for a moment when any GPU had it.
 *
 * @param isIdleAtStart the first samples were taken before the server was started
 */
export function summariseGpu(
  samples: readonly GpuSample[],
  isIdleAtStart: boolean,
  otherProcesses: readonly string[],
): GpuSummary {
  const byGpu = [...Map.groupBy(samples, (sample) => sample.index).values()]
  const moments = Math.max(0, ...byGpu.map((gpu) => gpu.length))
  return {
    samples: moments,
    memoryIdleMiB: isIdleAtStart ? sumOver(byGpu, (gpu) => gpu[0]?.memoryUsedMiB ?? null) : null,
    memoryPeakMiB: sumOver(byGpu, (gpu) => largest(numbers(gpu, (sample) => sample.memoryUsedMiB))),
    smClockMedianMhz: median(numbers(samples, (sample) => sample.smClockMhz)),
    temperatureMaxC: largest(numbers(samples, (sample) => sample.temperatureC)),
    powerMeanW: sumOver(byGpu, (gpu) => mean(numbers(gpu, (sample) => sample.powerW))),
    throttleReasons: reasonFractions(byGpu, moments),
    otherProcesses,
  }
}

function reasonFractions(byGpu: readonly (readonly GpuSample[])[], moments: number): Record<string, number> {
  const seen = new Map<string, Set<number>>()
  for (const gpu of byGpu) {
    for (const [moment, sample] of gpu.entries()) {
      for (const reason of sample.throttled) seen.set(reason, (seen.get(reason) ?? new Set()).add(moment))
    }
  }
  return Object.fromEntries([...seen].map(([reason, at]) => [reason, at.size / moments]))
}

function numbers(samples: readonly GpuSample[], pick: (sample: GpuSample) => number | null): number[] {
  return samples.flatMap((sample) => pick(sample) ?? [])
}

/** Null as soon as one GPU does not say: a sum over some of them would look like less. */
function sumOver(
  byGpu: readonly (readonly GpuSample[])[],
  pick: (gpu: readonly GpuSample[]) => number | null,
): number | null {
  const values = byGpu.map(pick)
  return values.length === 0 || values.includes(null)
    ? null
    : values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** The lower one of the two middle values, so that it is a clock that really was seen. */
function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null
}
