/** Answers of /metrics as each server writes them, with what this project reads and some of what it does not. */
export interface Counted {
  readonly prompt: number
  readonly output: number
  readonly requests: number
  readonly ttftSeconds: number
  readonly cached: number
}

export const answers = {
  vllm: ({
    prompt,
    output,
    requests,
    ttftSeconds,
    cached,
  }: Counted) => `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="tiny"} 0.0
# TYPE vllm:kv_cache_usage_perc gauge
vllm:kv_cache_usage_perc{engine="0",model_name="tiny"} 0.0
# TYPE vllm:prefix_cache_queries_total counter
vllm:prefix_cache_queries_total{engine="0",model_name="tiny"} ${prompt}.0
vllm:prefix_cache_queries_created{engine="0",model_name="tiny"} 1.7e+09
# TYPE vllm:prefix_cache_hits_total counter
vllm:prefix_cache_hits_total{engine="0",model_name="tiny"} ${cached}.0
vllm:num_preemptions_total{engine="0",model_name="tiny"} 0.0
vllm:prompt_tokens_total{engine="0",model_name="tiny"} ${prompt}.0
vllm:generation_tokens_total{engine="0",model_name="tiny"} ${output}.0
vllm:request_success_total{engine="0",finished_reason="stop",model_name="tiny"} 1.0
vllm:request_success_total{engine="0",finished_reason="length",model_name="tiny"} ${requests - 1}.0
vllm:request_success_total{engine="0",finished_reason="abort",model_name="tiny"} 0.0
# TYPE vllm:time_to_first_token_seconds histogram
vllm:time_to_first_token_seconds_bucket{engine="0",le="0.001",model_name="tiny"} 0.0
vllm:time_to_first_token_seconds_bucket{engine="0",le="+Inf",model_name="tiny"} ${requests}.0
vllm:time_to_first_token_seconds_count{engine="0",model_name="tiny"} ${requests}.0
vllm:time_to_first_token_seconds_sum{engine="0",model_name="tiny"} ${ttftSeconds}
`,
  sglang: ({ prompt, output, requests, ttftSeconds, cached }: Counted) => `# TYPE sglang:token_usage gauge
sglang:token_usage{model_name="tiny"} 0.28
sglang:prompt_tokens_total{model_name="tiny"} ${prompt}
sglang:generation_tokens_total{model_name="tiny"} ${output}
${cached > 0 ? `sglang:cached_tokens_total{cache_source="device",model_name="tiny"} ${cached}\n` : ''}sglang:num_requests_total{model_name="tiny"} ${requests}
sglang:num_retracted_requests_total{tp_rank="0"} 0
sglang:time_to_first_token_seconds_sum{model_name="tiny"} ${ttftSeconds}
sglang:time_to_first_token_seconds_count{model_name="tiny"} ${requests}
`,
  tgi: ({ prompt, output, requests }: Counted) => `# TYPE tgi_request_success counter
tgi_request_success ${requests}
# TYPE tgi_request_generated_tokens histogram
tgi_request_generated_tokens_bucket{le="1"} 0
tgi_request_generated_tokens_sum ${output}
tgi_request_generated_tokens_count ${requests}
tgi_request_input_length_sum ${prompt}
tgi_request_input_length_count ${requests}
`,
  'llama.cpp': ({
    prompt,
    output,
    cached,
  }: Counted) => `# HELP llamacpp:prompt_tokens_total Number of prompt tokens processed.
# TYPE llamacpp:prompt_tokens_total counter
llamacpp:prompt_tokens_total ${prompt - cached}
llamacpp:prompt_tokens_cached_total ${cached}
llamacpp:prompt_seconds_total 1.234
llamacpp:tokens_predicted_total ${output}
llamacpp:n_busy_slots_per_decode 3.9
llamacpp:requests_processing 0
`,
} as const
