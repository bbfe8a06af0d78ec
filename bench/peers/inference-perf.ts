import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { field, figure, type Peer, type PeerCell, type PeerFigures, parsePythonJson, type Spread } from './peer.ts'

const configFile = 'config.json'
const reportFolder = 'reports'
const summaryFile = join(reportFolder, 'summary_lifecycle_metrics.json')

/** https://github.com/kubernetes-sigs/inference-perf */
export const inferencePerf: Peer = {
  name: 'inference-perf',
  requirement: 'inference-perf==0.7.0',
  probes: 0,
  prepare(cell, { folder, tokenizer }) {
    // YAML takes JSON as it is.
    writeFileSync(join(folder, configFile), JSON.stringify(config(cell, tokenizer)))
    return { name: 'inference-perf', args: ['-c', configFile] }
  },
  read(folder) {
    const path = join(folder, summaryFile)
    return existsSync(path) ? readSummary(parsePythonJson(readFileSync(path, 'utf8'))) : null
  },
}

function config(cell: PeerCell, tokenizer: string): unknown {
  const { requests, concurrency, requestTimeoutSeconds } = cell
  return {
    load: {
      type: 'concurrent',
      stages: [{ num_requests: requests, concurrency_level: concurrency }],
      num_workers: 2,
      worker_max_concurrency: concurrency,
      request_timeout: requestTimeoutSeconds,
    },
    api: { type: cell.api === 'openai-chat' ? 'chat' : 'completion', streaming: cell.streaming },
    server: { type: 'vllm', model_name: cell.model, base_url: cell.origin, ignore_eos: true },
    tokenizer: { pretrained_model_name_or_path: tokenizer },
    data: cell.api === 'openai-chat' ? chatData(cell) : completionData(cell),
    report: { request_lifecycle: { summary: true, per_stage: false, per_request: false } },
    storage: { local_storage: { path: reportFolder } },
  }
}

function completionData({ promptTokens, outputTokens, requests }: PeerCell): unknown {
  const exactly = (tokens: number) => ({ min: tokens, max: tokens, mean: tokens, std_dev: 0, total_count: requests })
  return { type: 'random', input_distribution: exactly(promptTokens), output_distribution: exactly(outputTokens) }
}

/** Its random prompts are for completions only; a prefix of one token, shared by nobody, comes close. */
function chatData({ promptTokens, outputTokens, requests }: PeerCell): unknown {
  return {
    type: 'shared_prefix',
    shared_prefix: {
      num_groups: requests,
      num_prompts_per_group: 1,
      system_prompt_len: 1,
      question_len: promptTokens - 1,
      output_len: outputTokens,
      seed: 1,
    },
  }
}

/** Its figures are seconds. */
export function readSummary(summary: unknown): PeerFigures {
  const latency = (name: string): Spread => {
    const at = field(summary, 'successes', 'latency', name)
    const ms = (key: string) => figure(field(at, key), 1000)
    return { mean: ms('mean'), median: ms('median') ?? ms('p50'), p99: ms('p99') }
  }
  return {
    successes: figure(field(summary, 'successes', 'count')),
    failures: figure(field(summary, 'failures', 'count')),
    ttftMs: latency('time_to_first_token'),
    tpotMs: latency('time_per_output_token'),
    e2eMs: latency('request_latency'),
    requestsPerSecond: figure(field(summary, 'successes', 'throughput', 'requests_per_sec')),
  }
}
