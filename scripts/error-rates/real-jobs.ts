import type { AaResult } from '../../bench/aa/tally.ts'
import { percent } from '../../bench/percent.ts'
import { renderTable } from '../action-tables.ts'

/** Jobs on a real engine; one row a kind of job. */
export function realJobsTable(results: readonly AaResult[]): string {
  const rows = results.map((result) => {
    const { engine, jobs, fail, failBounds, inconclusive, invalid, scenarioNamed, phaseNamed, partNamed } = result
    const isSlower = result.case.split(',')[0] !== 'a/a'
    return [
      `${engine}: ${result.case}`,
      String(jobs),
      `${fail} (${percent(failBounds[0])} to ${percent(failBounds[1])})`,
      String(inconclusive),
      String(invalid),
      isSlower ? `${scenarioNamed}; ${phaseNamed}; ${partNamed}` : '',
      result.passesMean.toFixed(1),
      result.secondsMean.toFixed(0),
    ]
  })
  const head = [
    'jobs of',
    'jobs',
    'FAIL',
    'inconclusive',
    'invalid',
    'scenario named; phase too; part too',
    'passes',
    'seconds a job',
  ]
  return renderTable(head, rows)
}
