import { seededRandom } from '../../src/stats/random.ts'

export interface RunShape {
  readonly seed: number
  readonly requests: number
  readonly concurrency: number
  /** 1.5: everything takes half as long again. */
  readonly slowness: number
  readonly promptTokens: (index: number) => number
}

const plain: RunShape = { seed: 1, requests: 30, concurrency: 2, slowness: 1, promptTokens: () => 32 }
const outputTokens = 16

/**
 * A run of a closed loop, as `vllm bench serve --save-result --save-detailed` would save it: answers of about 500 ms,
 * of which 100 to the first token, with a common 1 % and 5 % of their own as noise.
 */
export function vllmRun(changes: Partial<RunShape> = {}): Record<string, unknown> {
  const shape = { ...plain, ...changes }
  const random = seededRandom(shape.seed)
  const common = shape.slowness * (1 + 0.02 * (random() - 0.5))
  const free = Array.from({ length: shape.concurrency }, () => 1000)
  const rows = Array.from({ length: shape.requests }, (_, index) => {
    const stream = free.indexOf(Math.min(...free))
    const start = free[stream] ?? 0
    const own = common * (1 + 0.1 * (random() - 0.5))
    free[stream] = start + 0.5 * own
    return { start, ttft: 0.1 * own, gap: (0.4 * own) / (outputTokens - 1), prompt: shape.promptTokens(index) }
  })
  const duration = Math.max(...free) - 1000
  const tokens = shape.requests * outputTokens
  return {
    date: '20260131-120000',
    endpoint_type: 'openai',
    backend: 'openai',
    model_id: 'tiny',
    num_prompts: shape.requests,
    request_rate: 'inf',
    burstiness: 1,
    max_concurrency: shape.concurrency,
    duration,
    completed: shape.requests,
    failed: 0,
    total_output_tokens: tokens,
    request_throughput: shape.requests / duration,
    output_throughput: tokens / duration,
    input_lens: rows.map(({ prompt }) => prompt),
    output_lens: rows.map(() => outputTokens),
    ttfts: rows.map(({ ttft }) => ttft),
    itls: rows.map(({ gap }) => Array.from({ length: outputTokens - 1 }, () => gap)),
    start_times: rows.map(({ start }) => start),
    errors: rows.map(() => ''),
    mean_ttft_ms: 1000 * (rows.reduce((sum, { ttft }) => sum + ttft, 0) / rows.length),
  }
}
