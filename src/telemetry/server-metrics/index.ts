import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestRecord } from '../../model/request.ts'
import type { ServerMetrics } from '../../model/telemetry.ts'
import type { Counters } from './counters.ts'
import { growthBetween } from './growth.ts'
import { scrapeCounters } from './scrape.ts'

/** Some servers count a request only after its last byte has left. */
const settleMs = 50
const mostLooks = 6

/** The server's own counters, looked at before and after each scenario and never while it runs. */
export interface ServerCounters {
  begin(): Promise<void>
  /** What the server counted since `begin`; null where it does not say. */
  end(records: readonly RequestRecord[]): Promise<ServerMetrics | null>
}

/** A server without counters is asked once, and then left alone. No fault of /metrics ever becomes an exception. */
export function watchServerCounters(origin: string, cancelled: AbortSignal): ServerCounters {
  let isAbsent = false
  let before: Counters | null = null
  return {
    async begin() {
      before = isAbsent ? null : await scrapeCounters(origin, cancelled)
      isAbsent = before === null
    },
    async end(records) {
      return before === null ? null : growthBetween(before, await settled(origin, cancelled), records)
    },
  }
}

/** Looks until two looks agree: then all that has been answered has been counted. */
async function settled(origin: string, cancelled: AbortSignal): Promise<Counters | null> {
  let last = await scrapeCounters(origin, cancelled)
  for (let looks = 1; last !== null && looks < mostLooks; looks++) {
    await sleep(settleMs)
    const next = await scrapeCounters(origin, cancelled)
    if (next?.values.outputTokens === last.values.outputTokens) return next
    last = next
  }
  return last
}
