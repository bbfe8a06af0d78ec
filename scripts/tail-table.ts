import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { median } from 'simple-statistics'
import type { CaseResult } from '../bench/gate/tally.ts'
import { percent, wholePercent } from '../bench/percent.ts'
import { type TailResult, tailDesigns } from '../bench/tail/compare.ts'
import { present } from '../bench/tail/estimators/index.ts'
import type { TailBench } from '../bench/tail/result.ts'
import { powerOf, presentOf, summarise } from '../bench/tail/summary.ts'
import { renderTable, replaceSection } from './action-tables.ts'
import { parseResult, readResultLines } from './bench-output.ts'

/**
 * Writes the tables of docs/tail-estimator.md from what `bench:tail --json` and `bench:gate --json` printed. A table
 * whose file is not given stays as it is; results of several runs (simulated, recorded) are taken together.
 *
 *     node scripts/tail-table.ts [--tail tail.json]... [--gate gate.jsonl]
 */
export function writeTailTables(
  page: string,
  given: { readonly tail?: TailBench; readonly gate?: readonly CaseResult[] },
): string {
  const { tail, gate } = given
  const tables: Readonly<Record<string, string>> = {
    ...(tail
      ? {
          estimators: estimatorsTable(tail),
          scatter: scatterTable(tail),
          sources: sourcesTable(tail),
          designs: designsTable(tail),
        }
      : {}),
    ...(gate ? { gate: gateTable(gate) } : {}),
  }
  return Object.entries(tables).reduce((text, [name, table]) => replaceSection(text, name, table), page)
}

const signed = (fraction: number) => `${fraction < 0 ? '−' : '+'}${percent(Math.abs(fraction))}`

function estimatorsTable({ results, costs }: TailBench): string {
  const [shown] = tailDesigns
  const rows = summarise(results).map((one) => [
    one.estimator,
    `${one.sdRatioMedian.toFixed(2)} (${one.sdRatioLeast.toFixed(2)} to ${one.sdRatioMost.toFixed(2)})`,
    `${one.clearlySteadier} of ${one.cells}`,
    percent(one.worstBiasLog),
    percent(one.worstBiasLogRatio),
    `${one.soundRatios} of ${one.cells}`,
    wholePercent(one.powerAt20),
    wholePercent(one.powerAtChange),
    costs
      .filter((cost) => cost.estimator === one.estimator && cost.requests === shown?.requests)
      .map((cost) => cost.microseconds.toFixed(1))
      .join(),
  ])
  const head = [
    'estimator',
    `scatter of head/base beside ${present.name}, median (range)`,
    'at least 10 % steadier in',
    'worst bias',
    'worst bias of head/base',
    `that bias at most 0.5 % larger than of ${present.name} in`,
    '+20 % seen by 8 pairs',
    "the server's own change seen",
    `µs for ${shown?.requests} requests`,
  ]
  return renderTable(head, rows)
}

/** Every estimator on every source, for the first design: scatter of head/base, and its bias. */
function scatterTable({ results }: TailBench): string {
  const [shown] = tailDesigns
  const chosen = results.filter((one) => one.percentile === shown?.percentile && one.requests === shown.requests)
  const sources = [...new Set(chosen.map(({ source }) => source))]
  const estimators = [...new Set(chosen.map(({ estimator }) => estimator))]
  const rows = estimators.map((estimator) => [
    estimator,
    ...sources.map((source) => {
      const found = chosen.find((one) => one.source === source && one.estimator === estimator)
      return found ? `${percent(found.sdLogRatio)} / ${signed(found.biasLogRatio)}` : 'not run'
    }),
  ])
  return renderTable(['estimator', ...sources], rows)
}

function sourcesTable({ results }: TailBench): string {
  const rows = ofPresent(results)
    .filter((one) => one.percentile === tailDesigns[0]?.percentile && one.requests === tailDesigns[0].requests)
    .map((one) => [one.source, one.change, `${one.truthMs.toFixed(1)} ms`, signed(one.truthRatio - 1)])
  return renderTable(['server', 'the change', 'true P99', 'true change of P99'], rows)
}

/** What the present estimator comes to with each percentile and number of requests: medians over the sources. */
function designsTable({ results }: TailBench): string {
  const middle = (values: readonly number[]) => median(values as number[])
  const rows = tailDesigns.map(({ percentile, requests }) => {
    const own = ofPresent(results).filter((one) => one.percentile === percentile && one.requests === requests)
    if (own.length === 0) return [`P${percentile} of ${requests}`, 'not run']
    return [
      `P${percentile} of ${requests}`,
      percent(middle(own.map(({ sdLog }) => sdLog))),
      signed(middle(own.map(({ biasLog }) => biasLog))),
      signed(middle(own.map(({ biasLogRatio }) => biasLogRatio))),
      ...[4, 8, 14].map((pairs) =>
        [0.1, 0.2].map((slowdown) => wholePercent(middle(own.map((one) => powerOf(one, pairs, slowdown))))).join(' / '),
      ),
    ]
  })
  const seen = [4, 8, 14].map((pairs) => `+10 % / +20 % seen by ${pairs} pairs`)
  return renderTable(['trial', 'scatter of a trial', 'bias', 'bias of head/base', ...seen], rows)
}

function ofPresent(results: readonly TailResult[]): TailResult[] {
  return [...new Set(results.map((result) => presentOf(results, result)))]
}

function gateTable(results: readonly CaseResult[]): string {
  const machines = [...new Set(results.map(({ environment }) => environment))]
  const rows = machines.map((machine) => {
    const of = (name: string) => results.find((one) => one.environment === machine && one.case === name)
    const [idle, slower] = [of('no-op'), of('p99-one-20')]
    return [
      machine,
      idle ? percent(idle.fail) : 'not run',
      idle ? `${idle.passesMean.toFixed(1)} (${idle.passesP90.toFixed(1)})` : 'not run',
      slower ? percent(slower.fail) : 'not run',
    ]
  })
  const head = [
    'machine',
    'no change ends FAIL',
    'passes without a change, mean (90 of 100)',
    '+20 % P99 in one scenario ends FAIL',
  ]
  return renderTable(head, rows)
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { tail: { type: 'string', multiple: true, default: [] }, gate: { type: 'string' } },
  })
  if (values.tail.length === 0 && !values.gate) throw new Error('Give --tail FILE, --gate FILE, or both.')
  const page = new URL('../docs/tail-estimator.md', import.meta.url)
  const [first, ...others] = values.tail.map((file) =>
    parseResult<TailBench>(readFileSync(file, 'utf8'), 'llm-perf-bench-tail/1'),
  )
  const tail = first && { ...first, results: [first, ...others].flatMap(({ results }) => results) }
  const gate = values.gate && readResultLines<CaseResult>(values.gate)
  const given = { ...(tail ? { tail } : {}), ...(gate ? { gate } : {}) }
  writeFileSync(page, writeTailTables(readFileSync(page, 'utf8'), given))
}
