/** What the machine and the server said of themselves while a trial ran. All of it can be read back from a recording. */
export interface TelemetrySummary {
  readonly host: HostSummary
  /** Null without a GPU. */
  readonly gpu: GpuSummary | null
  /** By scenario; a scenario is missing where the server gave no counters that we know. */
  readonly serverMetrics: Readonly<Record<string, ServerMetrics>>
}

/** From before the server's start to the end of the last scenario. Null: the system does not say (all but Linux). */
export interface HostSummary {
  readonly loadAverage1m: number
  /** CPU seconds of our own process. */
  readonly clientCpuSeconds: number
  /** CPU seconds of the server's process group, its start included. */
  readonly serverCpuSeconds: number | null
  /** CPU time used by neither us nor the server, as a fraction of all cores' time. */
  readonly otherCpuFraction: number | null
  /** Fraction of CPU time stolen by the hypervisor. */
  readonly stealFraction: number | null
  /** Largest resident memory of the server's process group, MiB. */
  readonly serverRssMiB: number | null
  /** The same of our own process. */
  readonly clientRssMiB: number
  /** How the kernel chooses the clock of the first core: `performance`, `powersave`, `schedutil`, ... */
  readonly cpuGovernor: string | null
}

/**
 * What nvidia-smi told. Memory is that of the whole trial, everything else is from the first warm-up request to the end
 * of the last scenario, or from the whole trial where that was too short for a sample. Null: the driver does not say.
 */
export interface GpuSummary {
  readonly samples: number
  /** Longest time under load in which the GPU was not looked at, milliseconds. */
  readonly longestGapMs: number
  readonly memoryIdleMiB: number | null
  readonly memoryPeakMiB: number | null
  /** Fraction of time in which at least one kernel ran: median and highest over samples. */
  readonly utilizationMedian: number | null
  readonly utilizationPeak: number | null
  readonly smClockMedianMhz: number | null
  readonly memoryClockMedianMhz: number | null
  readonly temperatureMaxC: number | null
  readonly powerMeanW: number | null
  readonly powerPeakW: number | null
  /** Enforced limit. */
  readonly powerLimitW: number | null
  /** Performance states seen, `P0` (fastest) to `P15`, each with the fraction of samples. */
  readonly performanceStates: Readonly<Record<string, number>>
  /** Reasons seen active, by nvidia-smi's names, each with the fraction of samples; null: not one reason was told. */
  readonly throttleReasons: Readonly<Record<string, number>> | null
  /** Fraction of time by the driver's own counters, which also see what falls between two samples. Newer drivers only. */
  readonly throttleTime: Readonly<Record<string, number>> | null
  /** Processes on the GPU that are not ours. */
  readonly otherProcesses: readonly string[]
}

export type KnownServer = 'vllm' | 'sglang' | 'tgi' | 'llama.cpp'

/**
 * Growth of the server's own counters over one scenario, warm-up included. Null: this server does not count it, or what
 * it said was no number.
 */
export interface ServerMetrics {
  readonly server: KnownServer
  readonly promptTokens: number | null
  readonly outputTokens: number | null
  readonly requests: number | null
  /** Mean time to first token as the server sees it. */
  readonly ttftMeanMs: number | null
  /** The same as we saw it, from sending, over the measured requests; null without streaming. */
  readonly clientTtftMeanMs: number | null
  /** Prompt tokens looked up in the prefix cache, and found there. */
  readonly cacheQueries: number | null
  readonly cacheHits: number | null
  /** Running requests that lost their memory to others and were begun anew. */
  readonly preemptions: number | null
}
