import { expect, test } from 'vitest'
import type { RequestRecord } from '../../../src/model/request.ts'
import type { KnownServer } from '../../../src/model/telemetry.ts'
import { type Counters, readCounters } from '../../../src/telemetry/server-metrics/counters.ts'
import { growthBetween } from '../../../src/telemetry/server-metrics/growth.ts'
import { soundRequest } from '../validity/sound.ts'
import { answers, type Counted } from './answers.ts'

const before: Counted = { prompt: 1000, output: 200, requests: 10, ttftSeconds: 0.5, cached: 0 }
const after: Counted = { prompt: 5096, output: 712, requests: 42, ttftSeconds: 1.14, cached: 64 }
const servers = Object.keys(answers) as KnownServer[]

function countersOf(server: KnownServer, counted: Counted): Counters {
  const counters = readCounters(answers[server](counted))
  if (!counters) throw new Error(`${server} was not recognised`)
  return counters
}

const growthOf = (server: KnownServer, records: readonly RequestRecord[] = []) =>
  growthBetween(countersOf(server, before), countersOf(server, after), records)

test.each(servers)('%s: tokens are the growth between two looks', (server) => {
  expect(growthOf(server)).toMatchObject({ server, promptTokens: 4096, outputTokens: 512 })
})

test.each(['vllm', 'sglang'] as const)('%s: requests, first-token time, cache and preemptions', (server) => {
  // 0.64 s over 32 requests.
  expect(growthOf(server)).toMatchObject({ requests: 32, cacheQueries: 4096, cacheHits: 64, preemptions: 0 })
  expect(growthOf(server)?.ttftMeanMs).toBeCloseTo(20, 9)
})

test('what a server does not count is unknown, not zero', () => {
  const unknown = { ttftMeanMs: null, preemptions: null }
  expect(growthOf('tgi')).toMatchObject({ ...unknown, requests: 32, cacheQueries: null, cacheHits: null })
  expect(growthOf('llama.cpp')).toMatchObject({ ...unknown, requests: null })
})

test('llama.cpp tells tokens from its cache apart from the others; older versions do not tell them', () => {
  expect(growthOf('llama.cpp')).toMatchObject({ promptTokens: 4096, cacheQueries: 4096, cacheHits: 64 })
  const older = (counted: Counted) => readCounters(answers['llama.cpp'](counted).replace(/^.*cached_total.*\n/m, ''))
  expect(growthBetween(older(before), older(after), [])).toMatchObject({
    promptTokens: 4032,
    cacheQueries: null,
    cacheHits: null,
  })
})

test('a counter that is not there before nor after is unknown; one that appears began at zero', () => {
  const calm = { ...after, cached: 0 }
  expect(growthBetween(countersOf('sglang', before), countersOf('sglang', calm), [])?.cacheHits).toBeNull()
  expect(growthOf('sglang')?.cacheHits).toBe(64)
})

test('older vLLM called its cache that of the GPU', () => {
  const older = (counted: Counted) => readCounters(answers.vllm(counted).replaceAll('prefix_cache', 'gpu_prefix_cache'))
  expect(growthBetween(older(before), older(after), [])).toMatchObject({ cacheQueries: 4096, cacheHits: 64 })
})

test('SGLang with underscores is SGLang', () => {
  const newer = (counted: Counted) => readCounters(answers.sglang(counted).replaceAll('sglang:', 'sglang_'))
  expect(growthBetween(newer(before), newer(after), [])).toMatchObject({ server: 'sglang', outputTokens: 512 })
})

test('several engines are added up', () => {
  const two = (counted: Counted) => {
    const text = answers.vllm(counted)
    return readCounters(text + text.replaceAll('engine="0"', 'engine="1"'))
  }
  expect(growthBetween(two(before), two(after), [])).toMatchObject({ outputTokens: 1024, requests: 64 })
})

test.each([
  ['no metrics of a server that we know', 'python_info{version="3.12"} 1\n'],
  ['an empty answer', ''],
  ['no such format', 'not found\n'],
])('%s is no server', (_name, text) => {
  expect(readCounters(text)).toBeNull()
})

test.each(servers)('%s: a counter that has fallen means another process, and nothing is believed', (server) => {
  expect(growthBetween(countersOf(server, after), countersOf(server, before), [])).toBeNull()
  const restarted = { ...after, output: 150 }
  expect(growthBetween(countersOf(server, before), countersOf(server, restarted), [])).toBeNull()
})

test('a counter that vanished, another server, or a look that failed: nothing is believed', () => {
  const cut = readCounters(answers.vllm(after).replace(/^vllm:generation_tokens_total.*\n/m, ''))
  expect(growthBetween(countersOf('vllm', before), cut, [])).toBeNull()
  expect(growthBetween(countersOf('vllm', before), countersOf('sglang', after), [])).toBeNull()
  expect(growthBetween(null, countersOf('vllm', after), [])).toBeNull()
  expect(growthBetween(countersOf('vllm', before), null, [])).toBeNull()
})

test.each(['NaN', '+Inf'])('a counter of %s is unknown', (value) => {
  const broken = readCounters(answers['llama.cpp'](after).replace('total 712', `total ${value}`))
  expect(growthBetween(countersOf('llama.cpp', before), broken, [])).toMatchObject({
    outputTokens: null,
    promptTokens: 4096,
  })
})

test('no request in between has no first-token time', () => {
  const idle = countersOf('vllm', before)
  expect(growthBetween(idle, idle, [])).toMatchObject({ outputTokens: 0, requests: 0, ttftMeanMs: null })
})

test('our own first-token time is the mean from sending, of streams that succeeded', () => {
  // The sound request has its first token 21 ms after it was sent.
  const slow = { ...soundRequest(1), firstTokenMs: (soundRequest(1).sentMs ?? 0) + 31 }
  const failed = { ...soundRequest(2), outcome: 'reset', firstTokenMs: 99_999 } as const
  expect(growthOf('vllm', [soundRequest(0), slow, failed])?.clientTtftMeanMs).toBeCloseTo(26, 9)
  expect(growthOf('vllm', [{ ...soundRequest(0), firstTokenMs: null }])?.clientTtftMeanMs).toBeNull()
  expect(growthOf('vllm', [{ ...soundRequest(0), firstTokenMs: Number.NaN }])?.clientTtftMeanMs).toBeNull()
})
