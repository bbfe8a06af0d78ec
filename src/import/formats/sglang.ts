import { Fields, hasKeys } from '../fields.ts'
import type { Document, Format, ImportedLoad, ImportedRun } from '../imported.ts'
import { MetricList, type Term } from '../metric-list.ts'

/** `python -m sglang.bench_serving --output-file`: a run a line. */
export const sglang: Format = {
  tool: 'sglang',
  files: 'sglang.bench_serving --output-file',
  recognises: (value) => hasKeys(value, 'completed', 'request_throughput', 'total_output_tokens_retokenized'),
  read: (documents) => documents.map(readRun),
}

/** @see python/sglang/bench_serving.py of sgl-project/sglang */
const terms: Readonly<Record<string, Term>> = {
  e2e_latency: { metric: 'latency', caveat: 'ends with the last line of the stream, usage and [DONE] included' },
  ttft: { metric: 'ttft', caveat: null },
  tpot: { metric: 'tpot', caveat: 'a request without usage counts for the length that was asked for' },
  itl: { metric: 'sglang.itl', caveat: 'the gap of a chunk, spread over its tokens' },
}

const wallClock = 'over the wall clock, with ramp and drain'
const credited = `${wallClock}; a request without usage counts for the length that was asked for`

function readRun({ where, value }: Document): ImportedRun {
  const fields = new Fields(value, where)
  const info = fields.has('server_info') && !fields.is('server_info', '') ? serverInfo(fields) : null
  const version = info?.optionalText('version') ?? null
  const list = new MetricList('sglang', version)
  list.addFlatStatistics(fields, terms)
  list.rate({ metric: 'tokensPerSecond', caveat: credited }, fields, 'output_throughput')
  list.rate({ metric: 'requestRate', caveat: wallClock }, fields, 'request_throughput')
  const errors = fields.has('errors') ? fields.list('errors') : null
  return {
    where,
    tool: 'sglang',
    version,
    load: readLoad(fields),
    completed: fields.count('completed'),
    failed: errors === null ? null : errors.filter((error) => (error ?? '') !== '').length,
    metrics: list.metrics,
    warnings: [...creditWarning(fields), ...(errors ? [] : [failuresUntold])],
    detail: { missing: 'SGLang does not write when each request was sent' },
  }
}

const failuresUntold = 'The file does not tell how many requests failed; --output-details writes the errors.'

/** Older versions wrote it as a text. */
function serverInfo(fields: Fields): Fields | null {
  try {
    return fields.object('server_info')
  } catch {
    return null
  }
}

/** Re-tokenised text is a token off here and there; more than this is text that never came. */
const retokenisedShare = 0.95

function creditWarning(fields: Fields): string[] {
  const counted = fields.count('total_output_tokens')
  const retokenised = fields.count('total_output_tokens_retokenized')
  if (retokenised >= retokenisedShare * counted) return []
  return [
    `${counted} output tokens are counted, but the text that came back has ${retokenised}: answers without usage were credited with the length that was asked for, so tokens/s and TPOT look better than they are.`,
  ]
}

function readLoad(fields: Fields): ImportedLoad | null {
  const concurrency = fields.optionalCount('max_concurrency')
  if (!fields.has('request_rate') || fields.is('request_rate', 'trace')) return null
  if (fields.is('request_rate', 'Infinity') || fields.is('request_rate', 'inf')) {
    return concurrency === null ? null : { concurrency, arrivals: null }
  }
  return { concurrency, arrivals: { requestsPerSecond: fields.number('request_rate'), burstiness: 1 } }
}
