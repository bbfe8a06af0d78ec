import type { Fields } from '../fields.ts'
import type { ImportedLoad, ImportedRequest, RequestDetail } from '../imported.ts'
import { msPerSecond } from '../metric-list.ts'
import { arrangeRequests, failedRequest } from '../requests.ts'

const needed = ['start_times', 'input_lens', 'output_lens', 'ttfts', 'errors'] as const

/** The arrays of `--save-detailed`: one entry a request, in the order in which they were made, in seconds. */
export function readVllmRequests(
  fields: Fields,
  load: ImportedLoad | null,
): RequestDetail | { readonly missing: string } {
  const absent = needed.filter((key) => !fields.has(key))
  if (absent.length === needed.length) return { missing: 'it was saved without --save-detailed' }
  if (absent.length > 0) return { missing: `it has no ${absent.join(', ')}: a newer vLLM writes them` }
  if (!fields.has('latencies') && !fields.has('itls')) return { missing: 'it has neither latencies nor itls' }
  for (const key of ['ramp_up_strategy', 'rps_change_events']) {
    if (fields.has(key)) return { missing: 'its request rate rises while it measures' }
  }
  const columns = readColumns(fields)
  const requests = columns.errors.map((_, index) => readRequest(columns, index, load))
  assertCompleted(fields, requests)
  return arrangeRequests(fields, {
    requests,
    clock: { endedAt: readDate(fields) },
    windowMs: fields.number('duration') * msPerSecond,
    streaming: isStreaming(columns),
    warmupRequests: 0,
  })
}

interface Columns {
  readonly starts: readonly number[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly ttfts: readonly number[]
  readonly latencies: readonly number[]
  readonly queued: readonly number[] | null
  readonly chunks: readonly number[] | null
  readonly errors: readonly string[]
}

function readColumns(fields: Fields): Columns {
  const gaps = fields.has('itls') ? fields.numberLists('itls') : null
  const ttfts = fields.numbers('ttfts')
  const columns: Columns = {
    starts: fields.numbers('start_times'),
    inputs: fields.numbers('input_lens'),
    outputs: fields.numbers('output_lens'),
    ttfts,
    latencies: fields.has('latencies')
      ? fields.numbers('latencies')
      : (gaps ?? []).map((gap, index) => gap.reduce((sum, seconds) => sum + seconds, ttfts[index] ?? Number.NaN)),
    queued: fields.has('queue_times') ? fields.numbers('queue_times') : null,
    chunks: gaps === null ? null : gaps.map((gap) => gap.length + 1),
    errors: fields.texts('errors'),
  }
  for (const column of Object.values(columns)) {
    if (column === null || column.length === columns.errors.length) continue
    const lengths = `of ${columns.errors.length} entries, but another list has ${column.length}`
    throw fields.refuse('errors', lengths)
  }
  return columns
}

/** Without a stream no request has a first token of its own. */
function isStreaming({ ttfts }: Columns): boolean {
  return ttfts.some((seconds) => seconds > 0)
}

function readRequest(columns: Columns, index: number, load: ImportedLoad | null): ImportedRequest {
  const at = (column: readonly number[] | null) => column?.[index] ?? Number.NaN
  const sentMs = at(columns.starts) * msPerSecond
  // In a closed loop all requests stand in line from the start: their turn comes when they are let go.
  const queuedMs = load?.arrivals && columns.queued ? at(columns.queued) * msPerSecond : 0
  const promptTokens = at(columns.inputs)
  const error = columns.errors[index] ?? ''
  const outputTokens = at(columns.outputs)
  // An early disconnect leaves no text of an error, but no token either.
  const latencyMs = at(columns.latencies) * msPerSecond
  if (error !== '' || !(outputTokens > 0) || !(latencyMs > 0)) {
    return failedRequest({ index, sentMs: sentMs > 0 ? sentMs : null, promptTokens, error, code: null })
  }
  const endMs = sentMs + latencyMs
  const streaming = isStreaming(columns)
  return {
    index,
    scheduledMs: sentMs - queuedMs,
    sentMs,
    firstByteMs: null,
    firstTokenMs: streaming ? sentMs + at(columns.ttfts) * msPerSecond : null,
    lastTokenMs: streaming ? endMs : null,
    endMs,
    promptTokens,
    outputTokens,
    firstChunkTokens: 1,
    chunks: columns.chunks?.[index] ?? outputTokens,
    cachedTokens: null,
    status: 200,
    outcome: 'ok',
    detail: null,
  }
}

function assertCompleted(fields: Fields, requests: readonly ImportedRequest[]): void {
  const ok = requests.filter(({ outcome }) => outcome === 'ok').length
  const completed = fields.count('completed')
  if (ok !== completed) throw fields.refuse('completed', `${completed}, but the lists hold ${ok} successful requests`)
}

/** `20260131-235959`, by the clock of the machine that measured, when the run had ended. */
function readDate(fields: Fields): Date {
  const text = fields.text('date')
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(text) ?? []
  const date = new Date(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  if (Number.isNaN(date.getTime())) throw fields.refuse('date', `"${text}"; a date such as 20260131-235959 is needed`)
  return date
}
