import { expect, test } from 'vitest'
import type { ServerMetrics } from '../../../src/model/telemetry.ts'
import type { ValidityInput } from '../../../src/telemetry/index.ts'
import { codesOf, sound, soundTelemetry, withRequests, wordsOf } from './sound.ts'

// 30 measured requests of 16 output tokens and 2 of the warm-up: 512 tokens. Prompts: 32 of 128 tokens are 4096.
const agreeing: ServerMetrics = {
  server: 'vllm',
  promptTokens: 4096,
  outputTokens: 512,
  requests: 32,
  ttftMeanMs: 20,
  clientTtftMeanMs: 21,
  cacheQueries: 4096,
  cacheHits: 0,
  preemptions: 0,
}

function counting(change: Partial<ServerMetrics>, base: ValidityInput = sound): ValidityInput {
  const serverMetrics = { [base.scenario.name]: { ...agreeing, ...change } }
  return { ...base, telemetry: { ...soundTelemetry, serverMetrics } }
}

test('a server that counts what we asked for is believed', () => {
  expect(codesOf(counting({}))).toEqual([])
})

// Two per cent of 512 is less than the 20 tokens that are always tolerated.
test.each([
  [492, true],
  [491, false],
  [532, true],
  [533, false],
  [0, false],
  [1024, false],
])('of 512 tokens that we know of, the server counts %d: fine is %s', (outputTokens, isFine) => {
  expect(codesOf(counting({ outputTokens }))).toEqual(isFine ? [] : ['server-disagrees'])
})

test('two per cent are tolerated in a long scenario', () => {
  // 32 answers of 1000 tokens are 32,000, of which two per cent are 640.
  const scenario = { ...sound.scenario, outputTokens: 1000 }
  const long = withRequests(30, { outputTokens: 1000 }, { ...sound, scenario })
  expect(codesOf(counting({ outputTokens: 32_640 }, long))).toEqual([])
  expect(codesOf(counting({ outputTokens: 32_641 }, long))).toEqual(['server-disagrees'])
})

test('the finding gives both counts, and says whose tokens there are too many of', () => {
  expect(wordsOf(counting({ outputTokens: 700 }), 'server-disagrees')).toContain(
    'grew by 700 output tokens while our requests, warm-up included, come to 512 (allowed: 2 %, or 20 tokens). More was asked',
  )
  expect(wordsOf(counting({ outputTokens: 100 }), 'server-disagrees')).toContain('It made less than its answers say.')
})

test('what a failed request made is not known: anything up to its length is fine', () => {
  const policy = { ...sound.policy, failureLimit: 1 }
  const oneFailed = withRequests(1, { outcome: 'truncated', outputTokens: null }, { ...sound, policy })
  expect(codesOf(counting({ outputTokens: 496 - 20 }, oneFailed))).toEqual([])
  expect(codesOf(counting({ outputTokens: 512 + 20 }, oneFailed))).toEqual([])
  expect(codesOf(counting({ outputTokens: 512 + 21 }, oneFailed))).toEqual(['server-disagrees'])
})

test('how long the answers of the warm-up were is not known where the model may end early', () => {
  const scenario = { ...sound.scenario, outputLength: 'at-most' as const }
  const free = { ...sound, scenario }
  // 30 measured answers of 16 tokens are 480; two of the warm-up add up to 32.
  expect(codesOf(counting({ outputTokens: 480 - 20 }, free))).toEqual([])
  expect(codesOf(counting({ outputTokens: 512 + 20 }, free))).toEqual([])
  expect(codesOf(counting({ outputTokens: 480 - 21 }, free))).toEqual(['server-disagrees'])
  expect(codesOf(counting({ outputTokens: 512 + 21 }, free))).toEqual(['server-disagrees'])
})

test('after a failed warm-up nothing is compared: it has its own finding', () => {
  const failing = { ...sound, window: { ...sound.window, warmupFailures: ['deadline'] } }
  expect(codesOf(counting({ outputTokens: 400 }, failing))).toEqual(['warm-up-failed'])
})

test('a server that does not count, or not this scenario, is not blamed', () => {
  expect(codesOf(counting({ outputTokens: null }))).toEqual([])
  const { telemetry } = counting({ outputTokens: 9999 })
  expect(codesOf({ ...sound, scenario: { ...sound.scenario, name: 'other' }, telemetry })).not.toContain(
    'server-disagrees',
  )
})

test('prompts from the cache are found by the counters although no answer tells of them', () => {
  const silent = withRequests(30, { cachedTokens: null })
  // One token of each of the 32 prompts is the beginning of the text; one per cent of 4096 is 40.96.
  expect(codesOf(counting({ cacheHits: 32 + 40 }, silent))).toEqual([])
  expect(wordsOf(counting({ cacheHits: 32 + 41 }, silent), 'cached-prompt')).toContain(
    "1 % of the prompt tokens came from the server's cache, by its own counters",
  )
})

test('a cache that is off is asked nothing', () => {
  expect(codesOf(counting({ cacheQueries: 0, cacheHits: 0 }))).toEqual([])
  expect(codesOf(counting({ cacheQueries: null, cacheHits: null }))).toEqual([])
})
