/**
 * Four requests as `vllm bench serve --save-result --save-detailed` writes them, small enough to follow by hand: three
 * answers of 5 tokens that took 500, 600 and 700 ms, with first tokens after 100, 200 and 300 ms, and one failure.
 */
export const vllmDetailed = {
  date: '20260131-120004',
  endpoint_type: 'openai',
  backend: 'openai',
  label: null,
  model_id: 'tiny',
  tokenizer_id: 'tiny',
  num_prompts: 4,
  request_rate: 'inf',
  burstiness: 1.0,
  max_concurrency: 2,
  duration: 4,
  completed: 3,
  failed: 1,
  total_input_tokens: 30,
  total_output_tokens: 15,
  request_throughput: 0.75,
  request_goodput: null,
  output_throughput: 3.75,
  total_token_throughput: 11.25,
  input_lens: [10, 10, 10, 10],
  output_lens: [5, 5, 5, 0],
  ttfts: [0.1, 0.2, 0.3, 0],
  itls: [[0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1], [0.1, 0.1, 0.1, 0.1], []],
  start_times: [100, 100.5, 101, 101.5],
  errors: ['', '', '', 'Internal Server Error'],
  mean_ttft_ms: 200,
  median_ttft_ms: 200,
  std_ttft_ms: 81.65,
  p99_ttft_ms: 298,
  mean_tpot_ms: 100,
  median_tpot_ms: 100,
  std_tpot_ms: 0,
  p99_tpot_ms: 100,
  mean_itl_ms: 100,
  median_itl_ms: 100,
  std_itl_ms: 0,
  p99_itl_ms: 100,
  mean_e2el_ms: 600,
  median_e2el_ms: 600,
  std_e2el_ms: 81.65,
  'p99.9_e2el_ms': 699.8,
}

const perRequest = ['input_lens', 'output_lens', 'ttfts', 'itls', 'start_times', 'errors']

/** The same without `--save-detailed`. */
export const vllmSummary: Readonly<Record<string, unknown>> = Object.fromEntries(
  Object.entries(vllmDetailed).filter(([key]) => !perRequest.includes(key)),
)
