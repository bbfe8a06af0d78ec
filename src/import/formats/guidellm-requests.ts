import { plural } from '../../model/words.ts'
import type { Fields } from '../fields.ts'
import type { ImportedLoad, ImportedRequest, RequestDetail } from '../imported.ts'
import { msPerSecond } from '../metric-list.ts'
import { arrangeRequests, earliest, failedRequest } from '../requests.ts'

const statuses = ['successful', 'errored', 'incomplete'] as const
type Status = (typeof statuses)[number]

/** The requests of one benchmark, where the file holds all of them. */
export function readGuidellmRequests(
  benchmark: Fields,
  load: ImportedLoad | null,
): RequestDetail | { readonly missing: string } {
  const lists = benchmark.optionalObject('requests')
  if (lists === null) return { missing: 'it holds no single requests' }
  const made = benchmark.object('scheduler_metrics').object('requests_made')
  const found = statuses.flatMap((status) =>
    (lists.has(status) ? lists.objects(status) : []).map((request) => ({ status, request })),
  )
  for (const status of statuses) {
    const held = found.filter((one) => one.status === status).length
    const counted = made.count(status)
    if (held !== counted) return { missing: `it holds ${held} of ${plural(counted, `${status} request`)} (a sample)` }
  }
  if (!found.some(({ status }) => status === 'successful')) return { missing: 'no request succeeded' }
  const config = benchmark.object('config')
  if (cutsOff(config, 'warmup') || cutsOff(config, 'cooldown')) {
    return { missing: 'it cuts a warm-up or cool-down off by itself' }
  }
  if ((config.optionalObject('strategy')?.optionalNumber('rampup_duration') ?? 0) > 0) {
    return { missing: 'its load rises while it measures' }
  }
  const origin = earliest(found.map(({ request }) => request.optionalNumber('request_start_time')))
  const requests = found.map(({ status, request }, index) => readRequest({ request, status, index, origin }, load))
  const streaming = requests.some(({ firstTokenMs }) => firstTokenMs !== null)
  return arrangeRequests(benchmark, {
    requests,
    streaming,
    clock: { startedAt: new Date(origin * msPerSecond) },
    windowMs: null,
    warmupRequests: 0,
  })
}

/** A phase without a size is none. */
function cutsOff(config: Fields, phase: 'warmup' | 'cooldown'): boolean {
  const settings = config.optionalObject(phase)
  return (
    settings !== null && ((settings.optionalNumber('percent') ?? 0) > 0 || (settings.optionalNumber('value') ?? 0) > 0)
  )
}

interface Entry {
  readonly request: Fields
  readonly status: Status
  readonly index: number
  /** Seconds of the epoch: times are taken from here before anything is added, or microseconds would get lost. */
  readonly origin: number
}

function readRequest({ request, status, index, origin }: Entry, load: ImportedLoad | null): ImportedRequest {
  const timings = request.optionalObject('info')?.optionalObject('timings') ?? null
  const start = request.optionalNumber('request_start_time')
  const sentMs = start === null ? null : (start - origin) * msPerSecond
  // Without a rate there is no time at which a request is due.
  const targeted = load?.arrivals ? (timings?.optionalNumber('targeted_start') ?? null) : null
  const promptTokens = request.optionalCount('prompt_tokens')
  if (status !== 'successful' || sentMs === null) {
    const error = status === 'incomplete' ? 'cancelled: still running when the tool stopped' : errorOf(request)
    return failedRequest({ index, sentMs, promptTokens, error, code: null })
  }
  const endMs = sentMs + request.number('request_latency') * msPerSecond
  const ttftMs = request.optionalNumber('time_to_first_token_ms')
  const tpotMs = request.optionalNumber('inter_token_latency_ms')
  const outputTokens = request.count('output_tokens')
  const firstTokenMs = ttftMs === null ? null : sentMs + ttftMs
  const lastTokenMs = firstTokenMs !== null && tpotMs !== null ? firstTokenMs + tpotMs * (outputTokens - 1) : null
  return {
    index,
    scheduledMs: targeted === null ? sentMs : (targeted - origin) * msPerSecond,
    sentMs,
    firstByteMs: null,
    firstTokenMs,
    lastTokenMs: lastTokenMs ?? (firstTokenMs === null ? null : endMs),
    endMs,
    promptTokens,
    outputTokens,
    firstChunkTokens: 1,
    chunks: timings?.optionalCount('token_iterations') ?? outputTokens,
    cachedTokens: request.optionalCount('cached_tokens'),
    status: 200,
    outcome: 'ok',
    detail: null,
  }
}

function errorOf(request: Fields): string {
  return request.optionalObject('info')?.optionalText('error') ?? ''
}
