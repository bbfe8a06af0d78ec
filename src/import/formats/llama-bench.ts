import { mean } from 'simple-statistics'
import { Fields, hasKeys } from '../fields.ts'
import type { Document, Format, ImportedRun } from '../imported.ts'
import { MetricList } from '../metric-list.ts'
import { malformed } from '../refusal.ts'

/** `llama-bench -o json` (a list) and `-o jsonl` (an entry a line): the file is one run. */
export const llamaBench: Format = {
  tool: 'llama-bench',
  files: 'llama-bench -o json, or -o jsonl',
  recognises: (value) => hasKeys(Array.isArray(value) ? value[0] : value, 'n_prompt', 'n_gen', 'avg_ts'),
  read: (documents) => [readRun(documents)],
}

const kernelCheck =
  'llama-bench times the kernels without tokenisation, sampling, batching or a server: compare it with other llama-bench figures only.'

function readRun(documents: readonly Document[]): ImportedRun {
  const entries = documents.flatMap(({ where, value }) =>
    Array.isArray(value)
      ? value.map((entry, index) => new Fields(entry, where, `[${index}]`))
      : [new Fields(value, where)],
  )
  const [first] = entries
  const where = documents[0]?.where.replace(/:1$/, '') ?? ''
  if (!first) throw malformed(`${where}: the list is empty.`)
  const version = first.optionalText('build_commit')
  const list = new MetricList('llama-bench', version)
  for (const [index, entry] of entries.entries()) addEntry(list, entry, index)
  return {
    where,
    tool: 'llama-bench',
    version,
    load: null,
    completed: null,
    failed: null,
    metrics: list.metrics,
    warnings: [kernelCheck],
    detail: { missing: 'llama-bench sends no requests' },
  }
}

/** What is left by the rounding of the samples to six digits. */
const roundingError = 0.001

function addEntry(list: MetricList, entry: Fields, index: number): void {
  const average = entry.number('avg_ts')
  if (entry.has('samples_ts')) {
    const samples = entry.numbers('samples_ts')
    if (samples.length === 0) throw entry.refuse('samples_ts', 'empty')
    const expected = mean(samples)
    if (Math.abs(average - expected) > roundingError * expected) {
      throw entry.refuse('avg_ts', `${average}, but the mean of samples_ts is ${expected}`)
    }
  }
  const term = { metric: `llama-bench.${testName(entry)}`, caveat: 'tokens per second of one stream, kernels alone' }
  list.add(term, { field: `[${index}].avg_ts`, statistic: 'mean', value: average, unit: '/s' })
  const deviation = entry.optionalNumber('stddev_ts')
  if (deviation === null) return
  list.add(term, { field: `[${index}].stddev_ts`, statistic: 'stddev', value: deviation, unit: '/s' })
}

/** As llama-bench's own tables name a test: `pp512`, `tg128`, `pp512+tg128`, `pp512@d1024`. */
function testName(entry: Fields): string {
  const [prompt, generated, depth] = [
    entry.count('n_prompt'),
    entry.count('n_gen'),
    entry.optionalCount('n_depth') ?? 0,
  ]
  const parts = [...(prompt > 0 ? [`pp${prompt}`] : []), ...(generated > 0 ? [`tg${generated}`] : [])]
  return `${parts.join('+')}${depth > 0 ? `@d${depth}` : ''}`
}
