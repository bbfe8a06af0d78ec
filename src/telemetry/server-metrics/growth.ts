import type { RequestRecord } from '../../model/request.ts'
import type { ServerMetrics } from '../../model/telemetry.ts'
import { type Counters, type Term, terms } from './counters.ts'

/**
 * What the server counted between two looks. Null when that cannot be told: one look is missing, they come from
 * different servers, or a counter has fallen, so that the process behind it is another one.
 *
 * @param records measured requests of the same time, for the first-token time as we saw it
 */
export function growthBetween(
  before: Counters | null,
  after: Counters | null,
  records: readonly RequestRecord[],
): ServerMetrics | null {
  if (before === null || after === null || before.server !== after.server) return null
  const hasFallen = terms.some((term) => {
    const [from, to] = [before.values[term], after.values[term]]
    return from !== null && (to === null || to < from)
  })
  if (hasFallen) return null
  const grown = (term: Term): number | null => {
    const to = after.values[term]
    // A counter appears with its first event: what was not there before was zero.
    const growth = to === null ? Number.NaN : to - (before.values[term] ?? 0)
    return Number.isFinite(growth) ? growth : null
  }
  return {
    server: after.server,
    promptTokens: grown('promptTokens'),
    outputTokens: grown('outputTokens'),
    requests: grown('requests'),
    ttftMeanMs: meanMs(grown('ttftSeconds'), grown('ttftCount')),
    clientTtftMeanMs: clientTtftMeanMs(records),
    cacheQueries: grown('cacheQueries'),
    cacheHits: grown('cacheHits'),
    preemptions: grown('preemptions'),
  }
}

function meanMs(seconds: number | null, count: number | null): number | null {
  return seconds === null || count === null || count === 0 ? null : (seconds / count) * 1000
}

function clientTtftMeanMs(records: readonly RequestRecord[]): number | null {
  const times = records.flatMap(({ outcome, sentMs, firstTokenMs }) =>
    outcome === 'ok' && sentMs !== null && firstTokenMs !== null ? [firstTokenMs - sentMs] : [],
  )
  const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length
  return Number.isFinite(mean) && mean >= 0 ? mean : null
}
