import { describe, expect, test } from 'vitest'
import type { RequestRecord } from '../../src/model/request.ts'
import { requestCheck } from '../../src/recording/request-check.ts'
import { outcomeSchema, requestRecordSchema } from '../../src/recording/schema.ts'
import { seededRandom } from '../../src/stats/random.ts'
import { request, scenario } from './sample.ts'

const names = { trials: new Set(['h1']), scenarios: new Set([scenario.name]) }
const isSurelyRight = requestCheck(names)
const sound = request('h1', 0)
const fields = Object.keys(sound) as (keyof RequestRecord)[]

/** Everything that JSON can hold and that has ever been mistaken for something else. */
const oddValues = [
  ...['null', 'true', 'false', '""', '"ok"', '"h1"', '"1"', '"__proto__"', '"constructor"', '"a b"', '"h1\\n"', '"é"'],
  ...['0', '-0', '1', '-1', '0.5', '-0.5', '1e-400', '1e300', '1e400', '-1e400', '2e15'],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '-9007199254740991'],
  ...['[]', '[1]', '{}', '{"value":1}', '{"__proto__":null}'],
  ...outcomeSchema.options.map((outcome) => JSON.stringify(outcome)),
]

/** A line of requests.jsonl, key by key, so that it can hold what `JSON.stringify` would not write. */
function lineOf(entries: readonly (readonly [string, string])[]): unknown {
  return JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`)
}

const soundEntries = fields.map((field) => [field, JSON.stringify(sound[field])] as const)
const withField = (field: string, value: string) =>
  lineOf(soundEntries.map(([key, held]) => [key, key === field ? value : held]))

/** Whatever the quick test lets through, the schema lets through as well, and with the same content. */
function expectNotLaxer(value: unknown): boolean {
  if (!isSurelyRight(value)) return false
  const parsed = requestRecordSchema.safeParse(value)
  expect(parsed.success, JSON.stringify(value)).toBe(true)
  expect(parsed.data).toEqual(value)
  return true
}

describe('never laxer than the schema', () => {
  test.each(fields)('whatever stands as %s', (field) => {
    for (const value of oddValues) expectNotLaxer(withField(field, value))
  })

  test.each(fields)('a line without %s', (field) => {
    expect(isSurelyRight(lineOf(soundEntries.filter(([key]) => key !== field)))).toBe(false)
  })

  test.each(['extra', '__proto__', 'constructor', 'hasOwnProperty', ''])('a key too many: "%s"', (key) => {
    for (const value of oddValues) expect(isSurelyRight(lineOf([...soundEntries, [key, value]]))).toBe(false)
  })

  test.each(fields)('%s under another key: as many keys as there should be, but not these', (field) => {
    expect(isSurelyRight(lineOf(soundEntries.map(([key, held]) => [key === field ? '__proto__' : key, held])))).toBe(
      false,
    )
  })

  test('a value that is no object', () => {
    for (const value of oddValues) expect(isSurelyRight(JSON.parse(value))).toBe(false)
  })

  test('five thousand lines with several odd fields, doubled keys and keys in another order', () => {
    const random = seededRandom(7)
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
    let accepted = 0
    for (let round = 0; round < 5000; round++) {
      const odd = Array.from({ length: 1 + Math.floor(random() * 3) }, () => [pick(fields), pick(oddValues)] as const)
      const shuffled = soundEntries.toSorted(() => random() - 0.5)
      // Of a doubled key the last one counts: here the odd one comes first or last.
      accepted += Number(expectNotLaxer(lineOf(random() < 0.5 ? [...shuffled, ...odd] : [...odd, ...shuffled])))
    }
    // A test that never accepts would pass all of the above.
    expect(accepted).toBeGreaterThan(2600)
  })
})

describe('it spares the schema nearly every line', () => {
  test('a request that succeeded, and one that failed before it was sent', () => {
    expect(isSurelyRight(sound)).toBe(true)
    const unsent = { sentMs: null, firstByteMs: null, firstTokenMs: null, lastTokenMs: null, endMs: null }
    const uncounted = { promptTokens: null, outputTokens: null, firstChunkTokens: null, cachedTokens: null }
    const failed = { ...unsent, ...uncounted, status: null, outcome: 'connect-error', detail: 'ECONNREFUSED' } as const
    expect(isSurelyRight(request('h1', 1, failed))).toBe(true)
  })

  test('but for names that run.json does not hold, which the schema must look at', () => {
    expect(isSurelyRight(request('h2', 0))).toBe(false)
    expect(isSurelyRight(request('h1', 0, { scenario: 'other' }))).toBe(false)
  })
})
