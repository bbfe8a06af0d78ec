/** What the machine did while a trial ran. GPU fields are null without a GPU, or where the tool does not say. */
export interface TelemetrySummary {
  readonly host: {
    readonly loadAverage1m: number
    /** CPU seconds of our own process during the trial. */
    readonly clientCpuSeconds: number
    /** Fraction of CPU time stolen by the hypervisor; null where the system does not say. */
    readonly stealFraction: number | null
    /** Largest resident memory of the server's process group, MiB; null where the system does not say. */
    readonly serverRssMiB: number | null
  }
  readonly gpu: {
    readonly samples: number
    readonly memoryIdleMiB: number | null
    readonly memoryPeakMiB: number | null
    readonly smClockMedianMhz: number | null
    readonly temperatureMaxC: number | null
    readonly powerMeanW: number | null
    /** Reasons seen active, by nvidia-smi's names, each with the fraction of samples. */
    readonly throttleReasons: Readonly<Record<string, number>>
    /** Processes on the GPU that are not ours. */
    readonly otherProcesses: readonly string[]
  } | null
}
