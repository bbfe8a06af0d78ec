/** A process that we started, as the post step of the job can find it again. */
export interface OwnedProcess {
  /** Leader of its own process group. */
  readonly pid: number
  /** LLM_PERF_RUN_ID in its environment. */
  readonly marker: string
  /** Tells the process from a later one with the same pid; empty where the system does not say. */
  readonly startedAt: string
}
