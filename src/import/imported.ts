import type { RequestRecord } from '../model/request.ts'
import type { Arrivals } from '../model/scenario.ts'

/** Tools whose result files are read. */
export type Tool = 'vllm' | 'sglang' | 'guidellm' | 'aiperf' | 'inference-perf' | 'llama-bench'

/** Where a number comes from: the same name means something else in each tool. */
export interface MetricOrigin {
  readonly tool: Tool
  /** As the file states it; null where it states none. */
  readonly version: string | null
  /** The tool's own name of it: a path of keys in the file. */
  readonly field: string
  /** In what the tool's definition differs from ours; null: in nothing that is known. */
  readonly caveat: string | null
}

/** One number of a result file. */
export interface ImportedMetric {
  /** One of our terms (`latency`, `ttft`, `tpot`, ...), or `tool.name` for what we have no term for. */
  readonly metric: string
  /** `mean`, `median`, `stddev`, `min`, `max`, `p99`, ...; `value` where there is only one. */
  readonly statistic: string
  /** Finite, zero or more. */
  readonly value: number
  readonly unit: 'ms' | '/s'
  readonly origin: MetricOrigin
}

/** How the requests arrived; null where the file does not say. */
export interface ImportedLoad {
  readonly concurrency: number | null
  readonly arrivals: Arrivals | null
}

/** A request as a recording keeps it, without its place in one. Times are milliseconds since the first was sent. */
export type ImportedRequest = Omit<RequestRecord, 'trial' | 'scenario'>

/** What a recording is made of: every request of the run. */
export interface RequestDetail {
  /** ISO 8601 time at which the first request was sent; null where the tool does not tell. */
  readonly startedAt: string | null
  readonly streaming: boolean
  /** In the order of completion. */
  readonly requests: readonly ImportedRequest[]
  /** Length of the measured window, which begins when the first request was sent. */
  readonly windowMs: number
  /** Requests that the tool itself sent before, and left out. */
  readonly warmupRequests: number
}

/** One measurement of one scenario, as a result file tells it. */
export interface ImportedRun {
  /** File, with line or place inside where it holds several runs. */
  readonly where: string
  readonly tool: Tool
  readonly version: string | null
  readonly load: ImportedLoad | null
  /** Null where the tool does not count requests. */
  readonly completed: number | null
  /** Null where the file does not tell. */
  readonly failed: number | null
  readonly metrics: readonly ImportedMetric[]
  /** Sentences that whoever reads these numbers must know. */
  readonly warnings: readonly string[]
  /** The single requests, or why there are none. */
  readonly detail: RequestDetail | { readonly missing: string }
}

/** One JSON value of a file: the whole of it, or a line. */
export interface Document {
  /** `results.json`, or `results.jsonl:3`. */
  readonly where: string
  readonly value: unknown
}

/** What is known of one kind of result file. */
export interface Format {
  readonly tool: Tool
  /** For a person: which files of the tool these are. */
  readonly files: string
  /** Whether a document is of this kind, by keys that only this kind has. */
  recognises(value: unknown): boolean
  /**
   * @param documents at least one, all of this kind, of one file
   * @throws ActionError `usage` for what is malformed, `invalid` for what is no finished, successful measurement
   */
  read(documents: readonly Document[]): readonly ImportedRun[]
}
