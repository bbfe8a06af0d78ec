import type { JudgeReport } from '../model/verdict.ts'
import { plural } from '../model/words.ts'
import { acceptedLines } from './accepted.ts'
import { commentMarker, type ReportContext } from './context.ts'
import { detailsView } from './details.ts'
import { headline } from './headline.ts'
import { longestComment, longestSummaryBytes } from './limits.ts'
import { titleOfShard } from './shard-title.ts'
import { soundReport } from './sound-report.ts'
import { codeSpan, linkTarget, markdownStyle } from './style.ts'
import { resultTable } from './table.ts'
import { fill } from './templates.ts'

/** What is shown of a large report, fullest first: first the folded tables shrink, then the table of results. */
const degrees = [
  { rows: Number.POSITIVE_INFINITY, details: Number.POSITIVE_INFINITY, notes: 20 },
  { rows: Number.POSITIVE_INFINITY, details: 200, notes: 20 },
  { rows: 500, details: 50, notes: 20 },
  { rows: 200, details: 20, notes: 20 },
  { rows: 100, details: 10, notes: 10 },
  { rows: 30, details: 5, notes: 5 },
  { rows: 5, details: 0, notes: 5 },
] as const

/**
 * The sticky comment: headline and next action, one table worst first, the rest folded. Starts with the marker of the
 * gate. At most {@link longestComment} UTF-16 units: whole rows are left out, and it says so.
 */
export function renderComment(report: JudgeReport, context: ReportContext): string {
  return renderWithin('comment', report, context, (text) => text.length <= longestComment)
}

/** The step summary: the same, unfolded, with room for every row; at most {@link longestSummaryBytes} bytes. */
export function renderSummary(report: JudgeReport, context: ReportContext): string {
  return renderWithin('summary', report, context, (text) => Buffer.byteLength(text) <= longestSummaryBytes)
}

function renderWithin(
  template: 'comment' | 'summary',
  report: JudgeReport,
  context: ReportContext,
  fits: (text: string) => boolean,
): string {
  const sound = soundReport(report)
  let text = ''
  for (const degree of degrees) {
    text = fill(template, { ...reportView(sound, context, degree), elsewhere: elsewhere[template] })
    if (fits(text)) break
  }
  return text
}

/** Where the reader finds what did not fit. */
const elsewhere = { comment: 'summary of the job', summary: 'JSON report' } as const

function reportView(report: JudgeReport, context: ReportContext, degree: (typeof degrees)[number]) {
  const { title, action } = headline(report, markdownStyle)
  const accepted = acceptedLines(report, markdownStyle)
  const table = resultTable(report.cells, markdownStyle, degree.rows)
  const details = detailsView(report, context, degree.details)
  return {
    marker: commentMarker(context.gate),
    title: titleOfShard(title, context.shard ?? null),
    action,
    notes: report.notes.slice(0, degree.notes),
    hasNotes: report.notes.length > 0,
    accepted: accepted.slice(0, degree.notes),
    hasAccepted: accepted.length > 0,
    ...table,
    hasRows: table.rows.length > 0,
    leftOut: table.leftOut > 0 ? plural(table.leftOut, 'more scenario') : null,
    details,
    hasDecisions: details.decisions.length > 0,
    hasUndecided: details.undecided.length > 0,
    hasOthers: details.others.length > 0,
    hasLengths: details.lengths.length > 0,
    gateCode: codeSpan(context.gate),
    toolVersion: context.toolVersion,
    runUrl: linkTarget(context.runUrl),
    ratesUrl: linkTarget(context.errorRatesUrl),
  }
}
