/** Statistics as GuideLLM writes them: each metric by the status of its requests, percentiles in a block of their own. */
function block(mean: number, count = 2) {
  const percentiles = { p001: mean, p01: mean, p50: mean, p90: mean + 1, p99: mean + 2, p999: mean + 3 }
  const none = { mean: 0, median: 0, std_dev: 0, count: 0, percentiles: { p50: 0 } }
  const successful =
    count === 0 ? none : { mean, median: mean, std_dev: 1, min: mean, max: mean + 3, count, percentiles }
  return { successful, incomplete: none, errored: none, total: successful }
}

const request = (start: number) => ({
  request_id: `r${start}`,
  request_start_time: start,
  request_end_time: start + 0.6,
  request_latency: 0.5,
  prompt_tokens: 32,
  output_tokens: 5,
  time_to_first_token_ms: 100,
  inter_token_latency_ms: 90,
  time_per_output_token_ms: 100,
  info: { status: 'completed', error: null, timings: { targeted_start: start - 0.2, token_iterations: 4 } },
})

/**
 * One benchmark of two requests: 100 ms to the first of 5 tokens, 90 ms for each after it, the stream closed 40 ms after
 * the last.
 */
export const benchmark = {
  config: { strategy: { type_: 'concurrent', streams: 2 }, warmup: { percent: null, value: null }, cooldown: null },
  scheduler_metrics: { requests_made: { successful: 2, incomplete: 0, errored: 0, total: 2 } },
  metrics: {
    request_latency: block(0.5),
    time_to_first_token_ms: block(100),
    inter_token_latency_ms: block(90),
    time_per_output_token_ms: block(100),
    time_to_first_output_token_ms: block(100),
    requests_per_second: block(2),
    output_tokens_per_second: block(10),
  },
  requests: { successful: [request(1_795_340_000.5), request(1_795_340_001.5)], incomplete: [], errored: [] },
}

export const report = {
  metadata: { version: 2, guidellm_version: '0.8.1' },
  config: {},
  benchmarks: [benchmark],
}
export const emptyBlock = block(0, 0)
export const failedRequest = {
  ...request(1_795_340_001),
  request_latency: null,
  output_tokens: null,
  info: { status: 'errored', error: 'HTTP 503: overloaded', timings: {} },
}
