import { expect, test } from 'vitest'
import type { RequestRecord } from '../../../src/model/request.ts'
import { findInvalid } from '../../../src/telemetry/index.ts'
import { codesOf, sound, soundRequest, withRequests, wordsOf } from './sound.ts'

test('a sound measurement has no finding', () => {
  expect(findInvalid(sound)).toEqual([])
  expect(findInvalid({ ...sound, telemetry: null })).toEqual([])
})

test('every finding of requests names the scenario and says what to do', () => {
  const findings = findInvalid({ ...sound, records: [], window: { ...sound.window, warmupFailures: ['deadline'] } })
  expect(findings.map(({ code }) => code)).toEqual(['warm-up-failed', 'request-count', 'too-few-samples'])
  for (const finding of findings) {
    expect(finding.scenario).toBe('p128-o16-c1')
    expect(finding.message).toMatch(/\d/)
    expect(finding.hint).toMatch(/\.$/)
  }
})

test('failures up to the limit are allowed, more are not', () => {
  const oneOfThirty = withRequests(1, { outcome: 'reset', detail: 'read ECONNRESET', endMs: null })
  expect(codesOf({ ...oneOfThirty, policy: { ...sound.policy, failureLimit: 1 / 30 } })).not.toContain('failures')
  expect(codesOf({ ...oneOfThirty, policy: { ...sound.policy, failureLimit: 0.033 } })).toContain('failures')
  expect(wordsOf(oneOfThirty, 'failures')).toContain(
    '1 of 30 requests failed (3.33 %, allowed 0 %): 1 reset. The first one: read ECONNRESET',
  )
})

test('the most frequent kinds of failure come first', () => {
  const mixed = withRequests(2, { outcome: 'deadline' }, withRequests(9, { outcome: 'http-error', detail: 'HTTP 500' }))
  expect(wordsOf(mixed, 'failures')).toContain('9 of 30 requests failed (30 %, allowed 0 %): 7 http-error, 2 deadline.')
})

test('when every request failed, that is what is said', () => {
  const broken = withRequests(30, { outcome: 'connect-error', detail: 'connect ECONNREFUSED' })
  expect(wordsOf(broken, 'failures')).toContain('Every request failed (30): 30 connect-error.')
  expect(codesOf(broken)).toContain('too-few-samples')
})

test('a limit that is no number allows nothing', () => {
  expect(codesOf({ ...sound, policy: { ...sound.policy, failureLimit: Number.NaN } })).toContain('failures')
})

test('too few successes for the percentile of the plan', () => {
  // 30 planned requests support P90, which needs 29: 0.9^29 = 4.7 % < 5 %, 0.9^28 = 5.2 %.
  const failed = { outcome: 'deadline', endMs: null } as const
  expect(codesOf({ ...withRequests(1, failed), policy: { ...sound.policy, failureLimit: 1 } })).toEqual([])
  expect(
    wordsOf({ ...withRequests(2, failed), policy: { ...sound.policy, failureLimit: 1 } }, 'too-few-samples'),
  ).toContain('28 requests succeeded; P90 needs at least 29.')
})

test('a plan that supports no percentile at all', () => {
  const four = { ...sound, scenario: { ...sound.scenario, requests: 4 }, records: sound.records.slice(0, 4) }
  expect(codesOf(four)).toEqual(['too-few-samples'])
})

test.each<[string, readonly RequestRecord[], string]>([
  ['none', [], 'The recording holds 0 requests; the plan asks for 30'],
  ['one missing', sound.records.slice(1), 'The recording holds 29 requests'],
  ['one too many', [...sound.records, soundRequest(30)], 'The recording holds 31 requests'],
  ['one twice', [...sound.records.slice(1), soundRequest(5)], '1 of them appear more than once'],
  ['a stranger', [...sound.records.slice(1), { ...soundRequest(0), scenario: 'other' }], '1 of them belong to another'],
])('the recorded requests are not those of the plan: %s', (_name, records, words) => {
  expect(wordsOf({ ...sound, records }, 'request-count')).toContain(words)
})

test.each([
  [128, 125, false],
  [128, 126, true],
  [128, 130, true],
  [128, 131, false],
  [1000, 980, true],
  [1000, 979, false],
  [1000, 1021, false],
])('of %d planned prompt tokens, %d is fine: %s', (promptTokens, counted, isFine) => {
  const planned = { ...sound, scenario: { ...sound.scenario, promptTokens } }
  const most = withRequests(30, { promptTokens }, planned)
  expect(codesOf(withRequests(1, { promptTokens: counted }, most))).toEqual(isFine ? [] : ['prompt-length'])
})

test('own prompts have whatever length they have; their answers are still held to theirs', () => {
  const prompts = { file: 'p.jsonl', sha256: '0'.repeat(64) }
  const own = { ...sound, scenario: { ...sound.scenario, prompts, promptTokens: 40 } }
  expect(codesOf(withRequests(7, { promptTokens: 900 }, own))).toEqual([])
  expect(codesOf(withRequests(1, { outputTokens: 15 }, own))).toEqual(['output-length'])
  expect(codesOf(withRequests(30, { cachedTokens: 20 }, own))).toEqual(['cached-prompt'])
})

test('a count that is no number is not fine', () => {
  expect(codesOf(withRequests(1, { promptTokens: Number.NaN }))).toContain('prompt-length')
})

test('an endpoint that never counts prompt tokens cannot be checked; one that does so now and then is broken', () => {
  expect(codesOf(withRequests(30, { promptTokens: null }))).toEqual([])
  expect(wordsOf(withRequests(1, { promptTokens: null }), 'prompt-length')).toContain('the server counted none for one')
})

test.each([15, 17, null, Number.NaN])('an answer of %s instead of 16 tokens', (outputTokens) => {
  expect(codesOf(withRequests(1, { outputTokens }))).toEqual(['output-length'])
})

test('two per cent of a long answer are tolerated', () => {
  const long = withRequests(
    30,
    { outputTokens: 1000 },
    { ...sound, scenario: { ...sound.scenario, outputTokens: 1000 } },
  )
  expect(codesOf(withRequests(1, { outputTokens: 980 }, long))).toEqual([])
  expect(wordsOf(withRequests(1, { outputTokens: 979 }, long), 'output-length')).toContain(
    'one has 979; 2 % are tolerated',
  )
})

test('prompts from the cache, from one per cent on', () => {
  // 30 prompts of 128 tokens are 3840; one per cent is 38.4.
  expect(codesOf(withRequests(1, { cachedTokens: 38 }))).toEqual([])
  expect(wordsOf(withRequests(1, { cachedTokens: 39 }), 'cached-prompt')).toContain('1.02 % of the prompt tokens')
  expect(codesOf(withRequests(30, { cachedTokens: 2 }))).toEqual(['cached-prompt'])
  expect(codesOf(withRequests(30, { cachedTokens: Number.NaN }))).toEqual(['cached-prompt'])
})

test('the beginning-of-text token that all prompts share is no cache hit, and unknown is not a hit either', () => {
  expect(codesOf(withRequests(30, { cachedTokens: 1 }))).toEqual([])
  expect(codesOf(withRequests(30, { cachedTokens: null }))).toEqual([])
})

test('failures of the warm-up are told with the first one', () => {
  const input = { ...sound, window: { ...sound.window, warmupFailures: ['http-error: 503 overloaded', 'deadline'] } }
  expect(wordsOf(input, 'warm-up-failed')).toContain(
    '2 warm-up requests failed, the first with: http-error: 503 overloaded',
  )
})

test.each([
  [1, true],
  [15, true],
  [16, true],
  [17, false],
])('where the model may end before 16 tokens, an answer of %d is fine: %s', (outputTokens, isFine) => {
  const free = { ...sound, scenario: { ...sound.scenario, outputLength: 'at-most' as const } }
  expect(codesOf(withRequests(1, { outputTokens }, free))).toEqual(isFine ? [] : ['output-length'])
})
