import { plural } from '../model/words.ts'
import type { ImportedLoad, ImportedMetric, ImportedRun } from './imported.ts'

/** The runs as tables for a terminal. */
export function describeRuns(runs: readonly ImportedRun[]): string {
  return `${runs.map(describeRun).join('\n\n')}\n`
}

function describeRun(run: ImportedRun): string {
  const { tool, version, completed, failed } = run
  const facts = [
    `${tool}${version ? ` ${version}` : ''}`,
    ...(run.load ? [describeLoad(run.load)] : []),
    ...(completed === null ? [] : [`${plural(completed, 'request')} succeeded`]),
    ...(failed === null ? [] : [`${failed} failed`]),
  ]
  const requests = 'missing' in run.detail ? `no single requests: ${run.detail.missing}` : 'with single requests'
  return [
    `${run.where}: ${facts.join(', ')}; ${requests}`,
    ...run.warnings.map((warning) => `  warning: ${warning}`),
    ...tableOf(run.metrics),
  ].join('\n')
}

function describeLoad({ concurrency, arrivals }: ImportedLoad): string {
  const limit = concurrency === null ? '' : `concurrency ${concurrency}`
  if (arrivals === null) return limit
  return `${arrivals.requestsPerSecond} requests/s${limit === '' ? '' : `, at most ${limit}`}`
}

/** A line a metric, with its statistics side by side and what its definition means in this tool. */
function tableOf(metrics: readonly ImportedMetric[]): string[] {
  const rows = [...Map.groupBy(metrics, ({ metric }) => metric)].map(([metric, figures]) => ({
    metric,
    figures: figures
      .filter(({ statistic }) => shownStatistics.has(statistic))
      .map(({ statistic, value }) => `${statistic} ${shown(value)}`)
      .join('  '),
    unit: figures[0]?.unit ?? '',
    origin: originOf(figures),
  }))
  const width = Math.max(0, ...rows.map(({ metric }) => metric.length))
  return rows.map(({ metric, figures, unit, origin }) => `  ${metric.padEnd(width)}  ${figures} ${unit}  (${origin})`)
}

/** Files hold up to fifteen of them; --json has all. */
const shownStatistics = new Set(['value', 'mean', 'median', 'stddev', 'p90', 'p95', 'p99'])

function originOf(figures: readonly ImportedMetric[]): string {
  const [first] = figures
  if (!first) return ''
  const { caveat } = first.origin
  // The key without its statistic, where a block has several.
  const isBlock = figures.some(({ origin }) => origin.field !== first.origin.field)
  const field = isBlock ? first.origin.field.replace(/\.[^.]+$/, '') : first.origin.field
  return caveat === null ? field : `${field}: ${caveat}`
}

const digits = 4

function shown(value: number): string {
  return String(Number(value.toPrecision(digits)))
}
