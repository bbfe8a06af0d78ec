import { Fields, hasKeys } from '../fields.ts'
import type { Document, Format, ImportedRequest, ImportedRun } from '../imported.ts'
import { msPerSecond } from '../metric-list.ts'
import { malformed } from '../refusal.ts'
import { arrangeRequests, failedRequest } from '../requests.ts'
import { summariseRequests, type TimePlaces } from '../summarise-requests.ts'

/** inference-perf's `per_request_lifecycle_metrics.json`: a list of requests, in seconds of a clock without a date. */
export const inferencePerfRequests: Format = {
  tool: 'inference-perf',
  files: 'per_request_lifecycle_metrics.json of inference-perf',
  recognises: (value) => Array.isArray(value) && hasKeys(value[0], 'start_time', 'end_time', 'info'),
  read: (documents) => documents.map(readRun),
}

const caveat = 'computed by llm-perf from the times of each request'
const places: TimePlaces = {
  latency: { metric: 'latency', caveat, field: 'info.response_metrics.output_token_times' },
  ttft: { metric: 'ttft', caveat, field: 'info.response_metrics.output_token_times' },
  tpot: { metric: 'tpot', caveat: `${caveat} and the tokens that the server counted`, field: 'info.response_metrics' },
}

function readRun({ where, value }: Document): ImportedRun {
  if (!Array.isArray(value)) throw malformed(`${where}: a list of requests is needed.`)
  const entries = value.map((entry, index) => new Fields(entry, where, `[${index}]`))
  const requests = entries.map(readRequest)
  const ok = requests.filter(({ outcome }) => outcome === 'ok')
  const [first] = entries
  return {
    where,
    tool: 'inference-perf',
    version: null,
    load: null,
    completed: ok.length,
    failed: requests.length - ok.length,
    metrics: summariseRequests('inference-perf', ok, places),
    warnings: [],
    detail:
      ok.length === 0 || !first
        ? { missing: 'no request succeeded' }
        : arrangeRequests(first, {
            requests,
            streaming: ok.some(({ firstTokenMs }) => firstTokenMs !== null),
            clock: null,
            windowMs: null,
            warmupRequests: 0,
          }),
  }
}

function readRequest(entry: Fields, index: number): ImportedRequest {
  const sentMs = entry.number('start_time') * msPerSecond
  const info = entry.object('info')
  const promptTokens = entry.optionalCount('input_tokens')
  const error = entry.optionalObject('error')
  if (error) {
    const text = `${error.optionalText('error_type') ?? ''} ${error.optionalText('error_msg') ?? ''}`
    return failedRequest({ index, sentMs, promptTokens, error: text, code: null })
  }
  const answer = info.object('response_metrics')
  const usage = answer.optionalObject('server_usage')
  const times = textTimes(answer)
  const [firstToken, lastToken] = [times[0], times.at(-1)]
  // The server's own count, where it gave one: the client's tokenizer does not always find the tokens again.
  const outputTokens = usage?.optionalCount('completion_tokens') ?? answer.count('output_tokens')
  return {
    index,
    scheduledMs: sentMs,
    sentMs,
    firstByteMs: null,
    firstTokenMs: firstToken === undefined ? null : firstToken * msPerSecond,
    lastTokenMs: lastToken === undefined ? null : lastToken * msPerSecond,
    // Its end comes after the client has counted the tokens.
    endMs: (lastToken ?? entry.number('end_time')) * msPerSecond,
    promptTokens: usage?.optionalCount('prompt_tokens') ?? promptTokens,
    outputTokens,
    firstChunkTokens: 1,
    chunks: times.length,
    cachedTokens: usage?.optionalObject('prompt_tokens_details')?.optionalCount('cached_tokens') ?? null,
    status: 200,
    outcome: 'ok',
    detail: null,
  }
}

/** When chunks with text came; none without streaming. */
function textTimes(answer: Fields): number[] {
  const key = ['output_token_times', 'chunk_times'].find((name) => answer.has(name) && answer.list(name).length > 0)
  return key === undefined ? [] : answer.numbers(key)
}
