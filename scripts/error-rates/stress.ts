import type { CaseResult } from '../../bench/gate/tally.ts'
import { percent } from '../../bench/percent.ts'
import { renderTable } from '../action-tables.ts'

/** Machines that nothing is promised for. */
export function stressTable(results: readonly CaseResult[]): string {
  const rows = results.map((result) => [
    result.environment,
    `${percent(result.fail)} (to ${percent(result.failBounds[1])})${result.fail <= 0.01 ? '' : ' **missed**'}`,
    percent(result.inconclusive),
    result.passesMean.toFixed(1),
  ])
  return renderTable(['machine', 'FAIL (goal: at most 1 %)', 'inconclusive', 'mean passes'], rows)
}
