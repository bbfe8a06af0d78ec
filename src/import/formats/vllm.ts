import { Fields, hasKeys } from '../fields.ts'
import type { Document, Format, ImportedLoad, ImportedRun } from '../imported.ts'
import { MetricList, type Term } from '../metric-list.ts'
import { noResult } from '../refusal.ts'
import { readVllmRequests } from './vllm-requests.ts'

/** `vllm bench serve --save-result`, with or without `--save-detailed`; `--append-result` writes a run a line. */
export const vllm: Format = {
  tool: 'vllm',
  files: 'vllm bench serve --save-result [--save-detailed]',
  recognises: (value) => hasKeys(value, 'endpoint_type', 'model_id'),
  read: (documents) => documents.map(readRun),
}

/**
 * A request begins when the client's own limit lets it go, and ends with the last event that has `choices`.
 * @see vllm/benchmarks/serve.py and lib/endpoint_request_func.py of vllm-project/vllm
 */
const terms: Readonly<Record<string, Term>> = {
  e2el: {
    metric: 'latency',
    caveat: 'ends with the last event that has choices; without the wait for --max-concurrency',
  },
  ttft: {
    metric: 'ttft',
    caveat: 'first event with choices, be it without text; without the wait for --max-concurrency',
  },
  tpot: { metric: 'tpot', caveat: 'takes the first event for one token' },
  itl: { metric: 'icl', caveat: 'gaps of all requests together' },
  client_queue_time: { metric: 'queueDelay', caveat: null },
  e2el_including_client_queue: { metric: 'vllm.e2el_including_client_queue', caveat: null },
}

const wallClock = 'over the wall clock, with ramp and drain'

function readRun({ where, value }: Document): ImportedRun {
  const fields = new Fields(value, where)
  if (!fields.has('total_output_tokens')) {
    throw fields.refuse(
      'total_output_tokens',
      'missing',
      'Only text generation is read: vllm bench serve without pooling.',
    )
  }
  const list = new MetricList('vllm', null)
  list.addFlatStatistics(fields, terms)
  list.rate({ metric: 'tokensPerSecond', caveat: wallClock }, fields, 'output_throughput')
  list.rate({ metric: 'requestRate', caveat: wallClock }, fields, 'request_throughput')
  if (fields.has('request_goodput')) list.rate({ metric: 'goodput', caveat: wallClock }, fields, 'request_goodput')
  assertRatesAgree(fields)
  const completed = fields.count('completed')
  const failed = countFailed(fields, completed, where)
  const load = readLoad(fields)
  return {
    where,
    tool: 'vllm',
    version: null,
    load,
    completed,
    failed,
    metrics: list.metrics,
    warnings: load?.arrivals ? queueWarning(fields) : [],
    detail: completed === 0 ? { missing: 'no request succeeded' } : readVllmRequests(fields, load),
  }
}

/** Older files lack `failed`; what is neither completed nor failed was never measured. */
function countFailed(fields: Fields, completed: number, where: string): number | null {
  const planned = fields.optionalCount('num_prompts')
  const stated = fields.optionalCount('failed')
  if (planned === null) return stated
  if (completed + (stated ?? 0) > planned || (stated !== null && completed + stated < planned)) {
    throw noResult(
      `${where}: num_prompts is ${planned}, but completed is ${completed} and failed is ${stated ?? 'missing'}.`,
      'The file tells of a part of the run only. Measure again, with as many prompts as the data set has.',
    )
  }
  return stated ?? planned - completed
}

/** Below this, waiting is the client's own dispatch. */
const notedQueueSeconds = 0.01

/** With a rate, a request is due whether or not the limit lets it go: who waits for it waits for the server. */
function queueWarning(fields: Fields): string[] {
  const waits = fields.has('queue_times') ? fields.numbers('queue_times') : []
  const longest = waits.reduce((most, seconds) => Math.max(most, seconds), 0)
  if (longest < notedQueueSeconds) return []
  const mean = waits.reduce((sum, seconds) => sum + seconds, 0) / waits.length
  return [
    `Requests waited for --max-concurrency before they were sent, ${mean.toFixed(2)} s on average and up to ${longest.toFixed(2)} s: latency and TTFT leave that out.`,
  ]
}

/** The relative error that is left by nothing but rounding. */
const roundingError = 0.001

/** Rates that do not follow from counts and duration come from another run than these. */
function assertRatesAgree(fields: Fields): void {
  const seconds = fields.number('duration')
  for (const [rate, count] of [
    ['request_throughput', 'completed'],
    ['output_throughput', 'total_output_tokens'],
  ] as const) {
    const expected = fields.number(count) / seconds
    if (Math.abs(fields.number(rate) - expected) <= roundingError * expected) continue
    throw fields.refuse(rate, `${fields.number(rate)}, but ${count} / duration is ${expected}`)
  }
}

function readLoad(fields: Fields): ImportedLoad | null {
  const concurrency = fields.optionalCount('max_concurrency')
  if (!fields.has('request_rate')) return null
  const isInfinite = (key: string) => fields.is(key, 'inf') || fields.is(key, 'Infinity')
  // Without a rate and a limit all requests are sent at once.
  if (isInfinite('request_rate'))
    return { concurrency: concurrency ?? fields.optionalCount('num_prompts'), arrivals: null }
  const burstiness = isInfinite('burstiness') ? null : (fields.optionalNumber('burstiness') ?? 1)
  return { concurrency, arrivals: { requestsPerSecond: fields.number('request_rate'), burstiness } }
}
