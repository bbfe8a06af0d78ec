import type { CaseResult } from '../../bench/gate/tally.ts'
import { percent } from '../../bench/percent.ts'
import { renderTable } from '../action-tables.ts'

interface Column {
  readonly head: string
  readonly case: string
  show(result: CaseResult): string
}

const columns: readonly Column[] = [
  {
    head: 'no change ends FAIL',
    case: 'no-op',
    show: ({ fail, failBounds }) => `${percent(fail)} (to ${percent(failBounds[1])})`,
  },
  { head: 'inconclusive', case: 'no-op', show: ({ inconclusive }) => percent(inconclusive) },
  { head: 'passes', case: 'no-op', show: ({ passesMean }) => passesMean.toFixed(1) },
  { head: '+20 % P99 in one scenario ends FAIL', case: 'p99-one-20', show: ({ fail }) => percent(fail) },
]

/** The same pull requests where several machines share the matrix: a row a machine. */
export function shardsTable(results: readonly CaseResult[]): string {
  const names = [...new Set(results.map(({ environment }) => environment))]
  const rows = names.map((name) => [
    name,
    ...columns.map((column) => {
      const result = results.find((one) => one.environment === name && one.case === column.case)
      return result ? column.show(result) : 'not run'
    }),
  ])
  return renderTable(['machines', ...columns.map(({ head }) => head)], rows)
}
