import type { RequestRecord } from '../model/request.ts'
import { outcomeSchema } from './schema.ts'

/** Names that stand in run.json, so that the schema has accepted them. */
export interface KnownNames {
  readonly trials: ReadonlySet<unknown>
  readonly scenarios: ReadonlySet<unknown>
}

type Test = (value: unknown) => boolean

const outcomes: ReadonlySet<unknown> = new Set(outcomeSchema.options)
const isCount: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isText: Test = (value) => typeof value === 'string'
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value)

/**
 * A test that says of nearly every line of requests.jsonl, at a small part of the cost of the schema, that it is right.
 * It is never laxer than the schema; false says nothing, and the schema decides.
 *
 * @returns the test, for a value that came out of `JSON.parse`
 */
export function requestCheck({ trials, scenarios }: KnownNames): (value: unknown) => value is RequestRecord {
  const isTime = orNull(Number.isFinite)
  const isMaybeCount = orNull(isCount)
  const fields: { readonly [Field in keyof RequestRecord]-?: Test } = {
    trial: (value) => trials.has(value),
    scenario: (value) => scenarios.has(value),
    index: isCount,
    scheduledMs: Number.isFinite,
    sentMs: isTime,
    firstByteMs: isTime,
    firstTokenMs: isTime,
    lastTokenMs: isTime,
    endMs: isTime,
    promptTokens: isMaybeCount,
    outputTokens: isMaybeCount,
    firstChunkTokens: isMaybeCount,
    chunks: isCount,
    cachedTokens: isMaybeCount,
    status: isMaybeCount,
    outcome: (value) => outcomes.has(value),
    detail: orNull(isText),
  }
  const tests = Object.entries(fields) as [keyof RequestRecord, Test][]
  return (value): value is RequestRecord => {
    if (typeof value !== 'object' || value === null) return false
    let present = 0
    for (const [field, holds] of tests) {
      const held = (value as RequestRecord)[field]
      if (!holds(held)) return false
      if (held !== undefined) present++
    }
    return Object.keys(value).length === present
  }
}
