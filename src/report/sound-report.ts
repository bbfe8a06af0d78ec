import { gatedMetrics } from '../metrics/index.ts'
import {
  type CellVerdict,
  type Conclusion,
  type JudgeReport,
  nothingMeasured,
  type Verdict,
  verdictsWorstFirst,
  worstConclusion,
  worstVerdict,
} from '../model/verdict.ts'
import { placeKey } from './describe-cell.ts'
import { isFigure } from './format.ts'

/**
 * The report as it may be shown: a green or accepted cell without finite figures behind it becomes `invalid`, one that
 * nobody accepted `regressed`, a gated metric that a scenario lacks a `missing` cell, and the conclusion is never better
 * than the cells. A defect elsewhere then shows as a broken measurement, not as a passed check.
 */
export function soundReport(report: JudgeReport): JudgeReport {
  const cells = [...report.cells.map(soundCell), ...lackingCells(report.cells)].sort(
    (a, b) => rank(a.verdict) - rank(b.verdict),
  )
  const overall = worstVerdict([report.overall, ...cells.map(({ verdict }) => verdict)])
  const conclusion = worstConclusion([report.conclusion, worstConclusion(cells.map(conclusionOf))])
  return { ...report, cells, overall: cells.length === 0 && isGreen(overall) ? 'invalid' : overall, conclusion }
}

export function isGreen(verdict: Verdict): boolean {
  return verdict === 'unchanged' || verdict === 'improved' || verdict === 'accepted'
}

function soundCell(cell: CellVerdict): CellVerdict {
  // A slowdown that nobody is named for was accepted by nobody.
  if (cell.verdict === 'accepted' && !cell.accepted) return { ...cell, verdict: 'regressed' }
  if (!isGreen(cell.verdict) || hasFigures(cell)) return cell
  const reason = `The verdict "${cell.verdict}" has no finite figures behind it. ${cell.reason}`
  return { ...cell, verdict: 'invalid', reason }
}

function lackingCells(cells: readonly CellVerdict[]): CellVerdict[] {
  const verdict = 'missing'
  const reason = 'This metric was not judged.'
  return [...Map.groupBy(cells, placeKey).values()].flatMap((own) => {
    const [first] = own
    if (!first) return []
    const { scenario, shard, percentile, margin } = first
    const place = { scenario, ...(shard && { shard }), percentile, margin }
    return gatedMetrics
      .filter((metric) => !own.some((cell) => cell.metric === metric))
      .map((metric) => ({ ...nothingMeasured, ...place, metric, verdict, reason }))
  })
}

function hasFigures({ base, head, change, decidedBy }: CellVerdict): boolean {
  if (!change || decidedBy === 'none') return false
  return [base, head, change.estimate, change.low, change.high].every(isFigure)
}

function conclusionOf({ verdict }: CellVerdict): Conclusion {
  if (verdict === 'regressed' || verdict === 'inconclusive') return verdict
  return verdict === 'invalid' || verdict === 'missing' ? 'invalid' : 'pass'
}

function rank(verdict: Verdict): number {
  return verdictsWorstFirst.indexOf(verdict)
}
