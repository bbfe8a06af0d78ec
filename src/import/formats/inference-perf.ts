import { plural } from '../../model/words.ts'
import { Fields, hasKeys } from '../fields.ts'
import type { Document, Format, ImportedRun } from '../imported.ts'
import { MetricList, msPerSecond, type Term } from '../metric-list.ts'
import { noResult } from '../refusal.ts'

/** inference-perf's `summary_lifecycle_metrics.json` and `stage_N_lifecycle_metrics.json`; its times are seconds. */
export const inferencePerf: Format = {
  tool: 'inference-perf',
  files: 'summary_lifecycle_metrics.json or stage_N_lifecycle_metrics.json of inference-perf',
  recognises: (value) => hasKeys(value, 'load_summary', 'successes', 'failures'),
  read: (documents) => documents.map(readRun),
}

const ownWindow = 'from the first request to the last answer'
const clientCount = 'tokens are counted by a tokenizer of the client'

/** @see inference_perf/reportgen of kubernetes-sigs/inference-perf */
const terms: Readonly<Record<string, Term>> = {
  request_latency: { metric: 'latency', caveat: 'may end after the client has tokenised the answer' },
  time_to_first_token: { metric: 'ttft', caveat: null },
  time_per_output_token: { metric: 'tpot', caveat: clientCount },
  inter_token_latency: {
    metric: 'inference-perf.inter_token_latency',
    caveat: 'a value a token: zeros inside a chunk',
  },
  normalized_time_per_output_token: {
    metric: 'inference-perf.normalized_time_per_output_token',
    caveat: 'whole latency / output tokens: the first token is in it',
  },
}

function readRun({ where, value }: Document): ImportedRun {
  const fields = new Fields(value, where)
  const successes = fields.object('successes')
  const completed = successes.count('count')
  const failed = fields.object('failures').count('count')
  assertWhole(fields, where, completed + failed)
  const list = new MetricList('inference-perf', null)
  const latency = completed === 0 ? null : successes.object('latency')
  for (const [key, term] of Object.entries(latency === null ? {} : terms)) {
    const block = latency?.optionalObject(key)
    if (block) list.addBlock(term, block, { perUnit: msPerSecond, unit: 'ms' })
  }
  if (completed > 0) {
    const throughput = successes.object('throughput')
    list.rate(
      { metric: 'tokensPerSecond', caveat: `${ownWindow}; ${clientCount}` },
      throughput,
      'output_tokens_per_sec',
    )
    list.rate({ metric: 'requestRate', caveat: ownWindow }, throughput, 'requests_per_sec')
  }
  const concurrency = fields.object('load_summary').optionalCount('concurrency')
  return {
    where,
    tool: 'inference-perf',
    version: null,
    load: concurrency === null ? null : { concurrency, arrivals: null },
    completed,
    failed,
    metrics: list.metrics,
    warnings: countWarning(successes),
    detail: { missing: 'it is a summary; per_request_lifecycle_metrics.json holds the requests' },
  }
}

/** Text that is tokenised again rarely gives the same tokens. */
function countWarning(successes: Fields): string[] {
  const ours = successes.optionalObject('output_len')?.optionalNumber('mean') ?? null
  const servers = successes.optionalObject('output_tokens')?.optionalNumber('mean') ?? null
  if (ours === null || servers === null || ours === servers) return []
  return [
    `The client counted ${Number(ours.toPrecision(4))} output tokens a request, the server ${Number(servers.toPrecision(4))}: TPOT and tokens/s follow the client's count.`,
  ]
}

/** Requests that are in neither list were still running, or lost. */
function assertWhole(fields: Fields, where: string, ended: number): void {
  const sent = fields.object('load_summary').optionalCount('count')
  if (sent === null || sent === ended) return
  throw noResult(
    `${where}: load_summary.count is ${sent}, but ${plural(ended, 'request')} ended.`,
    'The file tells of a part of the run only. Let the run end by itself, then import it.',
  )
}
