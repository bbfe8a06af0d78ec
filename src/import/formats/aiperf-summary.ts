import { Fields, hasKeys } from '../fields.ts'
import type { Document, Format, ImportedLoad, ImportedRun } from '../imported.ts'
import { MetricList, type Term } from '../metric-list.ts'
import { noResult } from '../refusal.ts'
import { readUnit } from '../units.ts'

/** AIPerf's `profile_export_aiperf.json`, schema 1. */
export const aiperfSummary: Format = {
  tool: 'aiperf',
  files: 'profile_export_aiperf.json of aiperf profile',
  recognises: (value) => hasKeys(value, 'aiperf_version') || hasKeys(value, 'schema_version', 'request_latency'),
  read: (documents) => documents.map(readRun),
}

const ownWindow = 'from the first request to the last response'

/** @see docs/metrics-reference.md and docs/reference/json-export-schema.md of ai-dynamo/aiperf */
const terms: Readonly<Record<string, Term>> = {
  request_latency: { metric: 'latency', caveat: null },
  time_to_first_token: { metric: 'ttft', caveat: null },
  inter_token_latency: { metric: 'tpot', caveat: 'takes the first event for one token' },
  inter_chunk_latency: { metric: 'icl', caveat: 'gaps of all requests together' },
  output_token_throughput: { metric: 'tokensPerSecond', caveat: ownWindow },
  request_throughput: { metric: 'requestRate', caveat: ownWindow },
  goodput: { metric: 'goodput', caveat: ownWindow },
  time_to_second_token: { metric: 'aiperf.time_to_second_token', caveat: null },
  output_token_throughput_per_user: { metric: 'aiperf.output_token_throughput_per_user', caveat: null },
}

function readRun({ where, value }: Document): ImportedRun {
  const fields = new Fields(value, where)
  assertReadable(fields, where)
  const version = fields.optionalText('aiperf_version')
  const list = new MetricList('aiperf', version)
  for (const [tag, term] of Object.entries(terms)) {
    const block = fields.optionalObject(tag)
    if (block) list.addBlock(term, block, readUnit(block))
  }
  return {
    where,
    tool: 'aiperf',
    version,
    load: readLoad(fields),
    completed: fields.object('request_count').count('avg'),
    failed: countFailed(fields),
    metrics: list.metrics,
    warnings: [],
    detail: { missing: 'it is a summary; profile_export.jsonl beside it holds the requests' },
  }
}

function assertReadable(fields: Fields, where: string): void {
  const schema = fields.text('schema_version')
  if (fields.has('metadata')) {
    throw fields.refuse('metadata', 'that of several runs joined', 'Give the profile_export_aiperf.json of each run.')
  }
  if (!/^1\.\d+$/.test(schema)) throw fields.refuse('schema_version', `"${schema}"; only 1.x is read`)
  if (fields.flag('was_cancelled') || (fields.has('is_complete') && !fields.flag('is_complete'))) {
    throw noResult(`${where}: the run was cancelled before its end.`, 'Let it run to its end, then import it.')
  }
}

function countFailed(fields: Fields): number | null {
  const stated = fields.optionalObject('error_request_count')
  if (stated) return stated.count('avg')
  if (!fields.has('error_summary')) return null
  return fields.objects('error_summary').reduce((sum, error) => sum + error.count('count'), 0)
}

/** Of the one phase that is measured, where it is a closed loop. */
function readLoad(fields: Fields): ImportedLoad | null {
  const config = fields.optionalObject('input_config')
  const phases = config?.has('phases') ? config.objects('phases') : []
  const [phase, ...more] = phases.filter((candidate) => candidate.is('kind', 'profiling'))
  if (!phase || more.length > 0 || !phase.is('type', 'concurrency')) return null
  return { concurrency: phase.count('concurrency'), arrivals: null }
}
