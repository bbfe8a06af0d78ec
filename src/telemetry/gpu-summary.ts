import type { GpuSummary } from '../model/telemetry.ts'
import { lowerMedian, mean } from './averages.ts'
import type { GpuSample } from './gpu-fields.ts'
import { longestGapMs, type Span } from './span.ts'
import { throttleFractions, throttleTimes } from './throttling.ts'

export interface GpuWatch {
  readonly samples: readonly GpuSample[]
  /** The first samples were taken before the server was started. */
  readonly isIdleAtStart: boolean
  readonly otherProcesses: readonly string[]
  /** When requests were under way, by `performance.now()`. */
  readonly load: Span
}

/**
 * What the samples of a trial come to. Memory and power are sums over the GPUs of the machine, temperature is that of
 * the hottest one, and a throttle reason counts for a moment when any GPU had it.
 */
export function summariseGpu({ samples, isIdleAtStart, otherProcesses, load }: GpuWatch): GpuSummary {
  const underLoad = samples.filter(({ atMs }) => atMs >= load.fromMs && atMs <= load.toMs)
  // A load shorter than the interval of the samples: its neighbours have to stand for it.
  const chosen = underLoad.length > 0 ? underLoad : samples
  const everyGpu = groupByGpu(samples)
  const byGpu = groupByGpu(chosen)
  const moments = Math.max(0, ...byGpu.map((gpu) => gpu.length))
  const powerMeans = byGpu.map((gpu) => mean(numbers(gpu, ({ powerW }) => powerW)))
  const utilizations = numbers(chosen, ({ utilization }) => utilization)
  return {
    samples: moments,
    longestGapMs: longestGap(everyGpu, load),
    memoryIdleMiB: isIdleAtStart ? sum(everyGpu.map((gpu) => gpu[0]?.memoryUsedMiB ?? null)) : null,
    memoryPeakMiB: sum(everyGpu.map((gpu) => largest(numbers(gpu, ({ memoryUsedMiB }) => memoryUsedMiB)))),
    utilizationMedian: lowerMedian(utilizations),
    utilizationPeak: largest(utilizations),
    smClockMedianMhz: lowerMedian(numbers(chosen, ({ smClockMhz }) => smClockMhz)),
    memoryClockMedianMhz: lowerMedian(numbers(chosen, ({ memoryClockMhz }) => memoryClockMhz)),
    temperatureMaxC: largest(numbers(chosen, ({ temperatureC }) => temperatureC)),
    powerMeanW: sum(powerMeans),
    powerPeakW: sum(byGpu.map((gpu) => largest(numbers(gpu, ({ powerW }) => powerW)))),
    powerLimitW: sum(byGpu.map((gpu) => gpu.at(-1)?.powerLimitW ?? null)),
    performanceStates: stateFractions(chosen),
    throttleReasons: throttleFractions(byGpu, moments),
    throttleTime: throttleTimes(everyGpu, load),
    otherProcesses,
  }
}

function groupByGpu(samples: readonly GpuSample[]): (readonly GpuSample[])[] {
  return [...Map.groupBy(samples, (sample) => sample.index).values()]
}

/** Of the GPU that was out of sight for longest: one that falls off the bus leaves the others' rows coming. */
function longestGap(byGpu: readonly (readonly GpuSample[])[], load: Span): number {
  const gaps = byGpu.map((gpu) =>
    longestGapMs(
      gpu.map(({ atMs }) => atMs),
      load,
    ),
  )
  return byGpu.length === 0 ? longestGapMs([], load) : Math.max(...gaps)
}

function stateFractions(samples: readonly GpuSample[]): Record<string, number> {
  const states = samples.flatMap(({ performanceState }) => performanceState ?? [])
  const groups = [...Map.groupBy(states, (state) => state)]
  return Object.fromEntries(groups.map(([state, seen]) => [state, seen.length / states.length]))
}

function numbers(samples: readonly GpuSample[], pick: (sample: GpuSample) => number | null): number[] {
  return samples.flatMap((sample) => pick(sample) ?? [])
}

/** Null as soon as one GPU does not say: a sum over some of them would look like less. */
function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 || known.length < values.length ? null : known.reduce((total, value) => total + value, 0)
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}
