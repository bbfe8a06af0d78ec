/** Of an error or a time, over requests. Milliseconds. */
export interface Figures {
  readonly mean: number
  readonly median: number
  readonly p99: number
}

/** What one cell came to. */
export interface CellResult {
  readonly name: string
  readonly concurrency: number | null
  readonly requests: number
  readonly failed: number
  /** Client minus the server's log, by request; null where it was not compared. */
  readonly errors: { readonly ttftMs: Figures; readonly tpotMs: Figures; readonly latencyMs: Figures } | null
  /** How late the server's own first tokens were against its schedule; null where not compared. */
  readonly serverLateP99Ms: number | null
  /** Over the measured window. */
  readonly requestsPerSecond: number
  readonly eventsPerSecond: number
  /** Due to sent. */
  readonly lagMs: Figures
  readonly cpuSecondsPer1000: number
  /** CPU seconds of the client per second of load. Well below 1 where it went as fast as it could, the server was the limit. */
  readonly busy: number
  readonly rssPeakMiB: number
  readonly loopDelayP99Ms: number
}

/** The same cell under a bare client, which does nothing of what a measurement needs: what the machine allows. */
export type Floor = Pick<CellResult, 'name' | 'requestsPerSecond' | 'eventsPerSecond' | 'cpuSecondsPer1000'>

/** A figure against its goal. */
export interface Goal {
  readonly what: string
  readonly unit: string
  readonly goal: number
  /** True: the figure must be at least the goal; false: at most. */
  readonly isLeast: boolean
  readonly figure: number
  /** What a bare client came to in the same run; null where none was asked. */
  readonly floor: number | null
  readonly isMet: boolean
}

/** One tool on one cell, as it reports itself, against the server's log of the same run. */
export interface ToolCell {
  readonly tool: string
  readonly concurrency: number
  readonly requests: number
  /** Reported minus true; null where the tool does not report it. */
  readonly ttftErrorMs: Partial<Figures>
  readonly tpotErrorMs: Partial<Figures>
  readonly latencyErrorMs: Partial<Figures>
  readonly requestsPerSecond: number | null
  /** Of the whole run, start-up included. */
  readonly cpuSeconds: number | null
  /** Start-up left out: the slope between a short and a long run; null where only one was made. */
  readonly cpuSecondsPer1000: number | null
  readonly memoryPeakMiB: number | null
  readonly wallSeconds: number
}

export interface ClientBench {
  readonly schema: 'llm-perf-bench-client/1'
  readonly toolVersion: string
  readonly cells: readonly CellResult[]
  readonly goals: readonly Goal[]
  /** Ours and the peers in turn, on the same cells; empty without peers. */
  readonly compared: readonly ToolCell[]
}
