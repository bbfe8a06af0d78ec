import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { field, figure, type Peer, type PeerCell, type PeerFigures, parsePythonJson, type Spread } from './peer.ts'

const summaryName = 'benchmark_summary.json'
const percentileName = 'benchmark_percentile.json'

/** https://github.com/modelscope/evalscope */
export const evalscope: Peer = {
  name: 'evalscope',
  requirement: 'evalscope[perf]==1.14.1',
  probes: 1,
  prepare(cell, { tokenizer }) {
    return { name: 'evalscope', args: ['perf', ...options(cell, tokenizer)] }
  },
  read(folder) {
    const read = (name: string): unknown => {
      const [path] = globSync(`out/**/${name}`, { cwd: folder })
      return path === undefined ? null : parsePythonJson(readFileSync(join(folder, path), 'utf8'))
    }
    const summary = read(summaryName)
    return summary === null ? null : readResult(summary, read(percentileName))
  },
}

function options(cell: PeerCell, tokenizer: string): string[] {
  const path = cell.api === 'openai-chat' ? '/v1/chat/completions' : '/v1/completions'
  const values = {
    url: `${cell.origin}${path}`,
    model: cell.model,
    api: 'openai',
    dataset: 'random',
    'tokenizer-path': tokenizer,
    'min-prompt-length': cell.promptTokens,
    'max-prompt-length': cell.promptTokens,
    'prefix-length': 0,
    'max-tokens': cell.outputTokens,
    'min-tokens': cell.outputTokens,
    parallel: cell.concurrency,
    number: cell.requests,
    'total-timeout': cell.requestTimeoutSeconds,
    'outputs-dir': 'out',
  }
  const flags = Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)])
  return cell.streaming ? [...flags, '--stream'] : flags
}

/** Latency in seconds to four places, the rest in milliseconds; the mean is in the summary, the others are not. */
export function readResult(summary: unknown, percentiles: unknown): PeerFigures {
  const rows = Array.isArray(percentiles) ? percentiles : []
  const at = (percentile: string): unknown => rows.find((row) => field(row, 'Percentiles') === percentile)
  const spread = (name: string, mean: string, scale: number): Spread => ({
    mean: figure(field(summary, mean), scale),
    median: figure(field(at('50%'), name), scale),
    p99: figure(field(at('99%'), name), scale),
  })
  return {
    successes: figure(field(summary, 'Success Requests')),
    failures: figure(field(summary, 'Failed Requests')),
    ttftMs: spread('TTFT (ms)', 'Avg TTFT (ms)', 1),
    tpotMs: spread('TPOT (ms)', 'Avg TPOT (ms)', 1),
    e2eMs: spread('Latency (s)', 'Avg Latency (s)', 1000),
    requestsPerSecond: figure(field(summary, 'Req Throughput (req/s)')),
  }
}
