import { sum } from 'simple-statistics'
import { describeSample, filePercentiles, requestTimes } from '../import/describe-sample.ts'
import type { RequestRecord } from '../model/request.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Exporter, ExportInput } from './exporter.ts'

const msPerSecond = 1000

/**
 * What `vllm bench serve --save-result --save-detailed` writes, in vLLM's own definitions, so that plots made for it
 * work. `itls` and the statistics of `itl` are left out: a recording counts chunks, and keeps no time of each. `latencies`
 * (seconds, as newer versions write it) stands for their sum. Texts are not recorded, so `generated_texts` is left out too.
 *
 * @see vllm/benchmarks/serve.py of vllm-project/vllm
 */
export const vllm: Exporter = (input) => {
  const { trial, scenario, window, requests } = input
  const ok = requests.filter(({ outcome }) => outcome === 'ok')
  const endedAt = new Date(Date.parse(trial.startedAt) + window.endMs)
  const seconds = (window.endMs - window.startMs) / msPerSecond
  const inputTokens = sum(ok.map(({ promptTokens }) => promptTokens ?? scenario.promptTokens))
  const outputTokens = sum(ok.map(({ outputTokens }) => outputTokens ?? 0))
  const result = {
    date: dateOf(endedAt),
    endpoint_type: 'openai',
    backend: 'openai',
    label: 'llm-perf',
    model_id: 'unknown',
    tokenizer_id: null,
    num_prompts: requests.length,
    ...metadataOf(input),
    ...loadOf(scenario),
    duration: seconds,
    completed: ok.length,
    failed: requests.length - ok.length,
    total_input_tokens: inputTokens,
    total_output_tokens: outputTokens,
    request_throughput: ok.length / seconds,
    request_goodput: null,
    output_throughput: outputTokens / seconds,
    total_token_throughput: (inputTokens + outputTokens) / seconds,
    max_concurrent_requests: window.peakInFlight,
    ...detailOf(requests, scenario),
    ...statisticsOf(ok),
  }
  return { name: nameOf(scenario, endedAt), text: JSON.stringify(result) }
}

/** Keys of our own, as `--metadata KEY=VALUE` would add them. */
function metadataOf({ run, trial, scenario, window }: ExportInput): Record<string, string> {
  return {
    llm_perf_version: run.toolVersion,
    llm_perf_scenario: scenario.name,
    llm_perf_trial: trial.id,
    llm_perf_runner: run.runnerClass.id,
    llm_perf_warmup_requests: String(window.warmupRequests),
    ...(run.commit === null ? {} : { llm_perf_commit: run.commit }),
  }
}

function loadOf({ arrivals, concurrency }: Scenario) {
  return {
    request_rate: arrivals?.requestsPerSecond ?? 'inf',
    // Constant gaps: vLLM says Infinity, a number that JSON does not have.
    burstiness: arrivals ? (arrivals.burstiness ?? 'inf') : 1,
    max_concurrency: concurrency,
  }
}

/** One entry a request, in the order in which they were prepared; a failed one holds zeros and says why. */
function detailOf(requests: readonly RequestRecord[], scenario: Scenario) {
  const inOrder = requests.toSorted((a, b) => a.index - b.index)
  const column = (pick: (request: RequestRecord) => number | null) =>
    inOrder.map((request) => (request.outcome === 'ok' ? (pick(request) ?? 0) : 0))
  const between = (from: number | null, to: number | null) => ((to ?? 0) - (from ?? 0)) / msPerSecond
  return {
    input_lens: inOrder.map(({ promptTokens }) => promptTokens ?? scenario.promptTokens),
    output_lens: column(({ outputTokens }) => outputTokens),
    // Zero throughout: nothing was streamed.
    ttfts: column(({ sentMs, firstTokenMs }) => (firstTokenMs === null ? 0 : between(sentMs, firstTokenMs))),
    latencies: column(({ sentMs, endMs }) => between(sentMs, endMs)),
    start_times: inOrder.map(({ sentMs }) => (sentMs ?? 0) / msPerSecond),
    queue_times: inOrder.map(({ scheduledMs, sentMs }) => between(scheduledMs, sentMs ?? scheduledMs)),
    errors: inOrder.map(({ outcome, detail }) => (outcome === 'ok' ? '' : `${outcome}: ${detail ?? ''}`)),
  }
}

const fileNames = { ttft: 'ttft', tpot: 'tpot', latency: 'e2el' } as const

function statisticsOf(ok: readonly RequestRecord[]): Record<string, number> {
  const times = requestTimes(ok)
  const entries = Object.entries(fileNames).flatMap(([key, name]) => {
    const sample = times[key as keyof typeof fileNames]
    if (sample.length === 0) return []
    const found = describeSample(sample)
    return [
      ...(['mean', 'median'] as const).map((statistic) => [`${statistic}_${name}_ms`, found[statistic] ?? Number.NaN]),
      [`std_${name}_ms`, found.stddev ?? Number.NaN],
      ...filePercentiles.map((percent) => [`p${percent}_${name}_ms`, found[`p${percent}`] ?? Number.NaN]),
    ]
  })
  return Object.fromEntries(entries) as Record<string, number>
}

/** `20260131-235959`, by the clock of this machine, as vLLM writes it. */
function dateOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`
}

/** `{label}-{rate}qps[-concurrency{N}]-{model}-{date}.json`; the scenario stands where vLLM has the model. */
function nameOf({ arrivals, concurrency, name }: Scenario, endedAt: Date): string {
  const limit = concurrency === null ? '' : `-concurrency${concurrency}`
  return `llm-perf-${arrivals?.requestsPerSecond ?? 'inf'}qps${limit}-${name}-${dateOf(endedAt)}.json`
}
