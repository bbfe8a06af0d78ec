import type { Fields } from './fields.ts'
import type { ImportedMetric, Tool } from './imported.ts'

/** What one field of a tool is in our terms. */
export interface Term {
  readonly metric: string
  readonly caveat: string | null
}

/** Collects what a file says, each number stamped with where it comes from. */
export class MetricList {
  readonly metrics: ImportedMetric[] = []
  readonly tool: Tool
  readonly version: string | null

  constructor(tool: Tool, version: string | null) {
    this.tool = tool
    this.version = version
  }

  add(
    { metric, caveat }: Term,
    figure: Pick<ImportedMetric, 'statistic' | 'value' | 'unit'> & { field: string },
  ): void {
    const { field, statistic, value, unit } = figure
    const { tool, version } = this
    this.metrics.push({ metric, statistic, value, unit, origin: { tool, version, field, caveat } })
  }

  /** A rate per second that the file states as one number. */
  rate(term: Term, fields: Fields, key: string): void {
    this.add(term, { field: fields.pathOf(key), statistic: 'value', value: fields.number(key), unit: '/s' })
  }

  /** Keys of the form `p99_ttft_ms`, as vLLM and SGLang write them. */
  addFlatStatistics(fields: Fields, terms: Readonly<Record<string, Term>>): void {
    for (const key of fields.keys()) {
      const [, statistic = '', name = ''] = flatStatistic.exec(key) ?? []
      const term = Object.hasOwn(terms, name) ? terms[name] : undefined
      if (term === undefined || !fields.has(key)) continue
      this.add(term, { field: key, statistic: spelled(statistic), value: fields.number(key), unit: 'ms' })
    }
  }

  /** A block of statistics, such as `{ mean, median, p99 }`. */
  addBlock(term: Term, block: Fields, { perUnit, unit }: BlockUnit): void {
    for (const key of block.keys()) {
      const statistic = spelled(key)
      if (!knownStatistic.test(statistic) || !block.has(key)) continue
      this.add(term, { field: block.pathOf(key), statistic, value: block.number(key) * perUnit, unit })
    }
  }

  /** Percentiles in a block of their own, as GuideLLM names them: `p01` is 1 %, `p001` is 0.1 %, `p999` is 99.9 %. */
  addPercentiles(term: Term, block: Fields, { perUnit, unit }: BlockUnit): void {
    for (const key of block.keys()) {
      const [, digits] = /^p(\d{2,3})$/.exec(key) ?? []
      if (digits === undefined || !block.has(key)) continue
      const percent = Number(digits) / 10 ** (digits.length - 2)
      this.add(term, { field: block.pathOf(key), statistic: `p${percent}`, value: block.number(key) * perUnit, unit })
    }
  }
}

export interface BlockUnit {
  /** What one unit of the file is in milliseconds; 1 for a rate. */
  readonly perUnit: number
  readonly unit: ImportedMetric['unit']
}

export const msPerSecond = 1000

const flatStatistic = /^(mean|median|std|max|p\d+(?:\.\d+)?)_(.+)_ms$/
const knownStatistic = /^(mean|median|stddev|min|max|p\d+(\.\d+)?)$/

/** Tools spell the same statistic differently. */
const spellings: Readonly<Record<string, string>> = { avg: 'mean', std: 'stddev', std_dev: 'stddev' }

function spelled(statistic: string): string {
  return spellings[statistic] ?? statistic
}
