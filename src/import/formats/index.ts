import type { Format } from '../imported.ts'
import { aiperfRecords } from './aiperf-records.ts'
import { aiperfSummary } from './aiperf-summary.ts'
import { guidellm } from './guidellm.ts'
import { inferencePerf } from './inference-perf.ts'
import { inferencePerfRequests } from './inference-perf-requests.ts'
import { llamaBench } from './llama-bench.ts'
import { sglang } from './sglang.ts'
import { vllm } from './vllm.ts'

/** Every kind of result file that is read. A new one is a file and a line here. */
export const formats: readonly Format[] = [
  vllm,
  sglang,
  guidellm,
  aiperfSummary,
  aiperfRecords,
  inferencePerf,
  inferencePerfRequests,
  llamaBench,
]
