import { acceptedBy } from '../model/accepted.ts'
import type { CellVerdict, JudgeReport } from '../model/verdict.ts'
import { describeCell } from './describe-cell.ts'
import { andMoreRows } from './format.ts'
import type { Style } from './style.ts'

/** The rows whose slowdown is taken on purpose, worst first, all scenarios together last. */
export function acceptedCells({ cells }: JudgeReport): readonly CellVerdict[] {
  const accepted = cells.filter(({ verdict }) => verdict === 'accepted')
  return accepted.toSorted((a, b) => Number(a.scenario === null) - Number(b.scenario === null))
}

/** One line for each acceptance that a row rests on, but the one that the headline of a pass tells. */
export function acceptedLines(report: JudgeReport, style: Style): string[] {
  const groups = Map.groupBy(acceptedCells(report), ({ accepted }) => JSON.stringify(accepted))
  const toldBefore = report.conclusion === 'pass' ? 1 : 0
  return [...groups.values()].slice(toldBefore).flatMap((cells) => {
    const [first] = cells
    if (!first) return []
    return [`Accepted: ${describeCell(first, style)}${andMoreRows(cells.length)}. ${byWhom(first, style)}`]
  })
}

/** `By commit 0123456789ab by Ada: grammar checking is on now.` */
export function byWhom({ accepted }: CellVerdict, style: Style): string {
  if (!accepted) return ''
  const { source, reason } = accepted
  return `By ${acceptedBy({ source: style.text(source), reason: style.text(reason) })}`
}
