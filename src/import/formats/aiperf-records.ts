import { Fields, hasKeys } from '../fields.ts'
import type { Document, Format, ImportedRequest, ImportedRun } from '../imported.ts'
import { arrangeRequests, earliest, failedRequest } from '../requests.ts'
import { summariseRequests, type TimePlaces } from '../summarise-requests.ts'
import { readUnit } from '../units.ts'

/** AIPerf's `profile_export.jsonl`: a request a line; the file is one run. */
export const aiperfRecords: Format = {
  tool: 'aiperf',
  files: 'profile_export.jsonl of aiperf profile',
  recognises: (value) => hasKeys(value, 'metadata', 'metrics') && !hasKeys(value, 'benchmarks'),
  read: (documents) => [readRun(documents)],
}

const caveat = 'computed by llm-perf from the requests'
const places: TimePlaces = {
  latency: { metric: 'latency', caveat, field: 'metrics.request_latency' },
  ttft: { metric: 'ttft', caveat, field: 'metrics.time_to_first_token' },
  tpot: {
    metric: 'tpot',
    caveat: `${caveat}; takes the first event for one token`,
    field: 'metrics.inter_token_latency',
  },
}

interface Line {
  readonly fields: Fields
  readonly metadata: Fields
  readonly where: string
}

function readRun(documents: readonly Document[]): ImportedRun {
  const lines = documents.map(({ where, value }) => {
    const fields = new Fields(value, where)
    return { fields, metadata: fields.object('metadata'), where }
  })
  const measured = lines.filter(isMeasured)
  const originNs = earliest(measured.map(({ metadata }) => metadata.number('request_start_ns')))
  const requests = measured.map((line, index) => readRequest(line, index, originNs))
  const ok = requests.filter(({ outcome }) => outcome === 'ok')
  const [first] = lines
  if (!first) throw new Error('a file of records has at least one line')
  return {
    where: first.where.replace(/:1$/, ''),
    tool: 'aiperf',
    version: null,
    load: null,
    completed: ok.length,
    failed: requests.length - ok.length,
    metrics: summariseRequests('aiperf', ok, places),
    warnings: [],
    detail:
      ok.length === 0
        ? { missing: 'no request succeeded' }
        : arrangeRequests(first.fields, {
            requests,
            streaming: ok.some(({ firstTokenMs }) => firstTokenMs !== null),
            clock: { startedAt: new Date(originNs / nsPerMs) },
            windowMs: null,
            warmupRequests: lines.length - measured.length,
          }),
  }
}

/** A phase that we do not know may be anything; its requests must not be mixed with the measured ones. */
function isMeasured({ metadata }: Line): boolean {
  const phase = metadata.text('benchmark_phase')
  if (phase === 'profiling' || phase === 'warmup') return phase === 'profiling'
  throw metadata.refuse('benchmark_phase', `"${phase}"; known are profiling and warmup`)
}

const nsPerMs = 1e6

/** Times are taken from the origin before anything is added: an epoch has no digits left for microseconds. */
function readRequest({ fields, metadata }: Line, index: number, originNs: number): ImportedRequest {
  const sentMs = (metadata.number('request_start_ns') - originNs) / nsPerMs
  const metrics = fields.object('metrics')
  const promptTokens = countOf(metrics, 'input_sequence_length')
  const error = fields.optionalObject('error')
  if (error || metadata.flag('was_cancelled')) {
    const text = error ? `${error.optionalText('type') ?? ''} ${error.optionalText('message') ?? ''}` : 'cancelled'
    return failedRequest({
      index,
      sentMs,
      promptTokens,
      error: text,
      code: error?.optionalCount('code') ?? null,
    })
  }
  const latencyMs = msOf(metrics, 'request_latency')
  if (latencyMs === null) throw metrics.refuse('request_latency', 'missing, though the request has no error')
  const outputTokens = countOf(metrics, 'output_sequence_length')
  if (outputTokens === null) throw metrics.refuse('output_sequence_length', 'missing, though the request has no error')
  const ttftMs = msOf(metrics, 'time_to_first_token')
  const acknowledged = metadata.optionalNumber('request_ack_ns')
  return {
    index,
    scheduledMs: sentMs,
    sentMs,
    firstByteMs: acknowledged === null ? null : (acknowledged - originNs) / nsPerMs,
    firstTokenMs: ttftMs === null ? null : sentMs + ttftMs,
    lastTokenMs: ttftMs === null ? null : sentMs + latencyMs,
    endMs: sentMs + latencyMs,
    promptTokens,
    outputTokens,
    firstChunkTokens: 1,
    chunks: chunksOf(metrics) ?? outputTokens,
    cachedTokens: null,
    status: 200,
    outcome: 'ok',
    detail: null,
  }
}

function msOf(metrics: Fields, tag: string): number | null {
  const block = metrics.optionalObject(tag)
  return block && block.number('value') * readUnit(block).perUnit
}

function countOf(metrics: Fields, tag: string): number | null {
  return metrics.optionalObject(tag)?.count('value') ?? null
}

function chunksOf(metrics: Fields): number | null {
  const gaps = metrics.optionalObject('inter_chunk_latency')
  return gaps && gaps.numbers('value').length + 1
}
