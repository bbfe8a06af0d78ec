// Whole trials of servers that count for themselves, rightly and wrongly.
import { expect, test } from 'vitest'
import { watchedTrial } from '../watched-trial.ts'

const labels = '{engine="0",model_name="tiny"}'
/** /metrics as vLLM tells it; the sum of the first-token times is not told in whole numbers. */
const vllm = (change = '') => `(() => { const t = { ...total }; ${change}; return [
  ['prompt_tokens_total', t.prompt], ['generation_tokens_total', t.output], ['request_success_total', t.requests],
  ['time_to_first_token_seconds_sum', t.ttft], ['time_to_first_token_seconds_count', t.requests],
  ['prefix_cache_queries_total', t.prompt], ['prefix_cache_hits_total', t.cached], ['num_preemptions_total', 0],
].map(([name, value]) => 'vllm:' + name + '${labels} ' + value + '\\n').join('') })()`

test.concurrent('a server that counts what we asked for: no finding, and its counts are recorded', async () => {
  const { codes, telemetry, window } = await watchedTrial({ metrics: vllm() })
  expect(codes).toEqual([])
  const { s } = telemetry.serverMetrics
  const asked = 8 + (window?.warmupRequests ?? Number.NaN)
  expect(s).toMatchObject({ server: 'vllm', cacheHits: 0, preemptions: 0 })
  expect(s?.outputTokens).toBeGreaterThanOrEqual(asked * 4)
  expect(s?.requests).toBeGreaterThanOrEqual(asked)
  expect(s?.ttftMeanMs).toBeCloseTo(1, 6)
  expect(s?.clientTtftMeanMs).toBeGreaterThan(0)
})

test.concurrent('somebody else sends requests to our server', async () => {
  const { codes, evidence } = await watchedTrial({ metrics: vllm(), perCompletion: 'total.output += 30' })
  expect(codes).toEqual(['server-disagrees'])
  expect(evidence.scenarios).toEqual({})
})

test.concurrent('answers that claim tokens which the server never made', async () => {
  expect((await watchedTrial({ metrics: vllm('t.output = Math.floor(t.output / 4)') })).codes).toEqual([
    'server-disagrees',
  ])
})

test.concurrent('prompts from a cache that no answer tells of', async () => {
  expect((await watchedTrial({ metrics: vllm(), perCompletion: 'total.cached += 8' })).codes).toEqual(['cached-prompt'])
})

test.concurrent.each([
  ['it has none', 'null'],
  ['they are of no server that we know', "'process_cpu_seconds_total 5\\n'"],
  ['they began anew in the middle', vllm('if (t.requests > 8) { t.output = 1; t.prompt = 1 }')],
  ['they are no numbers', vllm("t.output = 'NaN'; t.cached = 'NaN'")],
  ['it is a page', "'<html></html>'"],
])('nothing is said for or against a server with counters of no use: %s', async (_name, metrics) => {
  const { codes, telemetry } = await watchedTrial({ metrics, perCompletion: 'total.output += 30; total.cached += 8' })
  expect(codes).toEqual([])
  expect(telemetry.serverMetrics.s?.outputTokens ?? null).toBeNull()
})

test.concurrent("the CPU time of the server and of ours is recorded, and others' is a part of the machine", async () => {
  const { telemetry } = await watchedTrial({})
  const { host } = telemetry
  expect(host.clientCpuSeconds).toBeGreaterThan(0)
  expect(host.clientRssMiB).toBeGreaterThan(10)
  if (process.platform !== 'linux') return
  expect(host.serverCpuSeconds).toBeGreaterThan(0)
  expect(host.otherCpuFraction).toBeGreaterThanOrEqual(0)
  expect(host.otherCpuFraction).toBeLessThanOrEqual(1)
})
