import { plural } from '../../model/words.ts'
import { Fields, hasKeys } from '../fields.ts'
import type { Document, Format, ImportedLoad, ImportedRun } from '../imported.ts'
import { MetricList, msPerSecond, type Term } from '../metric-list.ts'
import { readGuidellmRequests } from './guidellm-requests.ts'

/** GuideLLM's `benchmarks.json`, schema 2: one run a benchmark of the file. */
export const guidellm: Format = {
  tool: 'guidellm',
  files: 'guidellm run --output kind=json (version 0.7 or later)',
  recognises: (value) => hasKeys(value, 'benchmarks'),
  read: (documents) => documents.flatMap(readFile),
}

const supportedSchema = 2

function readFile({ where, value }: Document): ImportedRun[] {
  const fields = new Fields(value, where)
  const metadata = fields.optionalObject('metadata')
  const schema = metadata?.optionalNumber('version') ?? null
  if (metadata === null || schema !== supportedSchema) {
    const hint =
      schema === null || schema < supportedSchema
        ? 'GuideLLM 0.6 and earlier write schema 1. Measure with GuideLLM 0.7 or later.'
        : 'This version of llm-perf does not know that schema yet. Use a newer llm-perf.'
    throw fields.refuse('metadata.version', `${schema ?? 'missing'}; only schema ${supportedSchema} is read`, hint)
  }
  const version = metadata.optionalText('guidellm_version')
  return fields
    .objects('benchmarks')
    .map((benchmark, index) => readBenchmark(benchmark, `${where}#${index + 1}`, version))
}

/**
 * Names that mislead: `inter_token_latency` is what others call TPOT, and `time_per_output_token` includes the first.
 * @see src/guidellm/schemas/base/request_stats.py of vllm-project/guidellm
 */
const terms: readonly (Term & { readonly key: string; readonly perUnit: number })[] = [
  { key: 'request_latency', metric: 'latency', caveat: 'ends with the end of the stream', perUnit: msPerSecond },
  { key: 'time_to_first_token_ms', metric: 'ttft', caveat: null, perUnit: 1 },
  { key: 'inter_token_latency_ms', metric: 'tpot', caveat: 'takes the first event for one token', perUnit: 1 },
  {
    key: 'time_per_output_token_ms',
    metric: 'guidellm.time_per_output_token_ms',
    caveat: 'from the start of the request: the first token is in it',
    perUnit: 1,
  },
  {
    key: 'time_to_first_output_token_ms',
    metric: 'guidellm.time_to_first_output_token_ms',
    caveat: 'first token after the reasoning',
    perUnit: 1,
  },
]

const rates = { requests_per_second: 'requestRate', output_tokens_per_second: 'tokensPerSecond' } as const

function readBenchmark(benchmark: Fields, where: string, version: string | null): ImportedRun {
  const list = new MetricList('guidellm', version)
  const metrics = benchmark.object('metrics')
  for (const { key, perUnit, ...term } of terms) {
    const block = successful(metrics, key)
    if (block === null) continue
    list.addBlock(term, block, { perUnit, unit: 'ms' })
    const percentiles = block.optionalObject('percentiles')
    if (percentiles) list.addPercentiles(term, percentiles, { perUnit, unit: 'ms' })
  }
  for (const [key, metric] of Object.entries(rates)) {
    const block = successful(metrics, key)
    if (block) list.rate({ metric, caveat: null }, block, 'mean')
  }
  const made = benchmark.object('scheduler_metrics').object('requests_made')
  const incomplete = made.count('incomplete')
  const load = readLoad(benchmark.object('config'))
  return {
    where,
    tool: 'guidellm',
    version,
    load,
    completed: made.count('successful'),
    failed: made.count('errored') + incomplete,
    metrics: list.metrics,
    warnings: incomplete > 0 ? [cutOff(incomplete)] : [],
    detail: readGuidellmRequests(benchmark, load),
  }
}

function cutOff(incomplete: number): string {
  return `${plural(incomplete, 'request')} ${incomplete === 1 ? 'was' : 'were'} still running when GuideLLM stopped; what was not finished counts as failed. Limit it by a number of requests rather than by time.`
}

/** A metric without a single value has a block of zeros. */
function successful(metrics: Fields, key: string): Fields | null {
  const block = metrics.optionalObject(key)?.optionalObject('successful') ?? null
  return block === null || block.optionalNumber('count') === 0 ? null : block
}

function readLoad(config: Fields): ImportedLoad | null {
  const strategy = config.optionalObject('strategy')
  const type = strategy?.optionalText('type_') ?? strategy?.optionalText('kind')
  if (!strategy || !type) return null
  if (type === 'synchronous') return { concurrency: 1, arrivals: null }
  if (type === 'concurrent') return { concurrency: strategy.count('streams'), arrivals: null }
  if (type !== 'constant' && type !== 'poisson') return null
  const burstiness = type === 'poisson' ? 1 : null
  const concurrency = strategy.optionalCount('max_concurrency')
  return { concurrency, arrivals: { requestsPerSecond: strategy.number('rate'), burstiness } }
}
