import type { KnownServer } from '../../model/telemetry.ts'
import { parseExposition } from './exposition.ts'

/** What is read off a server's counters. */
export const terms = [
  'promptTokens',
  'outputTokens',
  'requests',
  'ttftSeconds',
  'ttftCount',
  'cacheQueries',
  'cacheHits',
  'preemptions',
] as const
export type Term = (typeof terms)[number]

/** What a server has counted since its start; null: this metric is not there. */
export interface Counters {
  readonly server: KnownServer
  readonly values: Readonly<Record<Term, number | null>>
}

/** Ways to count a term, the best first; where a way has several names, all of them must be there, and are added up. */
type Names = Readonly<Record<Term, readonly (readonly string[])[]>>

const vllm = (name: string) => [`vllm:${name}`]
/** Newer SGLang versions may write an underscore for the colon. */
const sglang = (name: string) => [[`sglang:${name}`], [`sglang_${name}`]]
const llamaPrompt = 'llamacpp:prompt_tokens_total'
const llamaCached = 'llamacpp:prompt_tokens_cached_total'

/**
 * The names under which servers count. Sources: vLLM vllm/v1/metrics/loggers.py, SGLang
 * python/sglang/srt/metrics/collector.py, TGI docs/source/reference/metrics.md, llama.cpp
 * tools/server/server-task.cpp. TGI sums tokens in histograms. llama.cpp prints six significant digits, and counts
 * prompt tokens that it worked through apart from those of its cache, which older versions do not tell.
 */
const namesOf: Readonly<Record<KnownServer, Names>> = {
  vllm: {
    promptTokens: [vllm('prompt_tokens_total')],
    outputTokens: [vllm('generation_tokens_total')],
    requests: [vllm('request_success_total')],
    ttftSeconds: [vllm('time_to_first_token_seconds_sum')],
    ttftCount: [vllm('time_to_first_token_seconds_count')],
    cacheQueries: [vllm('prefix_cache_queries_total'), vllm('gpu_prefix_cache_queries_total')],
    cacheHits: [vllm('prefix_cache_hits_total'), vllm('gpu_prefix_cache_hits_total')],
    preemptions: [vllm('num_preemptions_total')],
  },
  sglang: {
    promptTokens: sglang('prompt_tokens_total'),
    outputTokens: sglang('generation_tokens_total'),
    requests: sglang('num_requests_total'),
    ttftSeconds: sglang('time_to_first_token_seconds_sum'),
    ttftCount: sglang('time_to_first_token_seconds_count'),
    cacheQueries: sglang('prompt_tokens_total'),
    cacheHits: sglang('cached_tokens_total'),
    preemptions: sglang('num_retracted_requests_total'),
  },
  tgi: {
    promptTokens: [['tgi_request_input_length_sum']],
    outputTokens: [['tgi_request_generated_tokens_sum']],
    requests: [['tgi_request_success'], ['tgi_request_success_total']],
    ttftSeconds: [],
    ttftCount: [],
    cacheQueries: [],
    cacheHits: [],
    preemptions: [],
  },
  'llama.cpp': {
    promptTokens: [[llamaPrompt, llamaCached], [llamaPrompt]],
    outputTokens: [['llamacpp:tokens_predicted_total']],
    requests: [],
    ttftSeconds: [],
    ttftCount: [],
    cacheQueries: [[llamaPrompt, llamaCached]],
    cacheHits: [[llamaCached]],
    preemptions: [],
  },
}

/** The counters in an answer of /metrics; null when it is not Prometheus' text, or of no server that we know. */
export function readCounters(text: string): Counters | null {
  const metrics = parseExposition(text)
  if (metrics === null) return null
  for (const [server, names] of Object.entries(namesOf) as [KnownServer, Names][]) {
    const counted = (term: Term) => names[term].map((way) => sumOf(metrics, way)).find((sum) => sum !== null)
    const values = Object.fromEntries(terms.map((term) => [term, counted(term) ?? null])) as Counters['values']
    if (Object.values(values).some((value) => value !== null)) return { server, values }
  }
  return null
}

/** Null when one of them is not there. */
function sumOf(metrics: ReadonlyMap<string, number>, names: readonly string[]): number | null {
  const values = names.flatMap((name) => metrics.get(name) ?? [])
  return values.length === names.length ? values.reduce((sum, value) => sum + value, 0) : null
}
