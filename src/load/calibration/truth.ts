import type { ClientError } from '../../model/calibration.ts'
import type { RequestRecord } from '../../model/request.ts'
import type { LoggedRequest } from '../../reference-server/index.ts'
import { nearestRank } from '../../stats/nearest-rank.ts'

/** One request twice: as our client recorded it, and as the reference server saw it. */
export interface TruthPair {
  readonly record: RequestRecord
  readonly truth: LoggedRequest
}

/** What the client was off by, a figure for each request: its own minus the truth, milliseconds. */
export interface ClientErrors {
  readonly ttftMs: readonly number[]
  readonly tpotMs: readonly number[]
  readonly latencyMs: readonly number[]
}

/**
 * Finds the server's entry for each record by how its prompt began.
 *
 * @throws Error when one is missing or two look alike: an error that was not measured must not look small
 */
export function pairWithTruth(
  records: readonly RequestRecord[],
  log: readonly LoggedRequest[],
  promptStartOf: (record: RequestRecord) => string,
): TruthPair[] {
  const byPrompt = new Map<string, LoggedRequest>()
  for (const truth of log) {
    if (byPrompt.has(truth.promptStart)) throw new Error(`two requests begin with "${truth.promptStart}"`)
    byPrompt.set(truth.promptStart, truth)
  }
  return records.map((record) => {
    const truth = byPrompt.get(promptStartOf(record))
    if (truth === undefined) throw new Error(`the server never saw request ${record.index}`)
    return { record, truth }
  })
}

/** Client minus server of each pair. NaN where either lacks a time. */
export function clientErrors(pairs: readonly TruthPair[]): ClientErrors {
  const of = (error: (pair: TruthPair) => number): number[] => pairs.map(error)
  return {
    ttftMs: of(
      ({ record, truth }) => between(record.sentMs, record.firstTokenMs) - between(truth.arrivalMs, truth.firstTokenMs),
    ),
    tpotMs: of(({ record, truth }) => {
      const spanMs = between(record.firstTokenMs, record.lastTokenMs)
      return (spanMs - between(truth.firstTokenMs, truth.lastTokenMs)) / Math.max(1, truth.tokens - 1)
    }),
    latencyMs: of(
      ({ record, truth }) => between(record.sentMs, record.endMs) - between(truth.arrivalMs, truth.lastTokenMs),
    ),
  }
}

/** Median of the error as it is signed, and the P99 of its size; nearest rank, NaN as soon as one value is NaN. */
export function spreadOf(errorsMs: readonly number[]): ClientError {
  return {
    medianMs: nearestRank(errorsMs, 0.5) ?? Number.NaN,
    p99Ms: nearestRank(errorsMs.map(Math.abs), 0.99) ?? Number.NaN,
  }
}

function between(from: number | null, to: number | null): number {
  return (to ?? Number.NaN) - (from ?? Number.NaN)
}
