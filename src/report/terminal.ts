import { metrics } from '../metrics/index.ts'
import type { JudgeReport } from '../model/verdict.ts'
import { acceptedLines } from './accepted.ts'
import type { ReportContext } from './context.ts'
import { labelOf, nameOf } from './describe-cell.ts'
import { quietOutputs } from './details.ts'
import { formatChange, formatCost, formatStep } from './format.ts'
import { headline } from './headline.ts'
import { said } from './said.ts'
import { soundReport } from './sound-report.ts'
import { oneLine, plainStyle } from './style.ts'
import { resultTable } from './table.ts'

/** What a terminal may know of a run; `judge` on two recordings knows none of it. */
export type TerminalContext = Partial<
  Pick<ReportContext, 'minutes' | 'passes' | 'reproduce' | 'clientNote' | 'lengths' | 'machine'>
>

/** The report as plain text: headline, table with aligned columns, reasons. No colours, no markdown. */
export function renderTerminal(report: JudgeReport, context: TerminalContext = {}): string {
  const sound = soundReport(report)
  const { title, action } = headline(sound, plainStyle)
  const table = resultTable(sound.cells, plainStyle, Number.POSITIVE_INFINITY)
  const heads = ['scenario', ...table.columns.flatMap(({ label }) => [label, 'change (95 % interval)']), 'verdict']
  const rows = table.rows.map(({ name, cells, verdict }) => [
    name,
    ...cells.flatMap(({ values, change }) => [values, change]),
    verdict,
  ])
  const blocks = [
    [title, action],
    acceptedLines(sound, plainStyle),
    sound.notes.map((note) => `Note: ${plainStyle.text(note)}`),
    rows.length > 0 ? align([heads, ...rows]) : [],
    table.percentileNote === null ? [] : [table.percentileNote],
    diagnosis(sound),
    reasons(sound),
    otherMetrics(sound),
    lengths(context),
    sound.nullControl
      ? [`Null control ${sound.nullControl.passed ? 'passed' : 'failed'}: ${plainStyle.text(sound.nullControl.text)}`]
      : [],
    quietOutputs(sound).map((text) => plainStyle.text(text)),
    cost(context),
  ]
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** Where it moved: which part of the matrix, and which phase of each scenario. */
function diagnosis({ part, diagnoses }: JudgeReport): string[] {
  const phases = diagnoses.map(
    ({ scenario, phase, text }) => `${plainStyle.code(scenario)}: ${phase}. ${plainStyle.text(text)}`,
  )
  return part === null ? phases : [plainStyle.text(part), ...phases]
}

/** Why a row is not simply unchanged, and what broke. */
function reasons({ cells, findings }: JudgeReport): string[] {
  const open = cells.filter(({ verdict }) => verdict !== 'unchanged' && verdict !== 'improved')
  return [
    ...open.map((cell) => {
      const needs = cell.wouldDecide === null ? '' : ` ${plainStyle.text(cell.wouldDecide)}`
      const reason = `${plainStyle.text(cell.reason)}${needs}`
      return `${nameOf(cell, plainStyle)}, ${labelOf(cell)}: ${cell.verdict}. ${reason}`
    }),
    ...findings.flatMap((finding) => {
      const { message, hint, log } = said(finding.message, finding.hint)
      const what = `${plainStyle.code(finding.code)}, ${nameOf(finding, plainStyle)}`
      const sentence = `Finding ${what}: ${plainStyle.text(message)} ${plainStyle.text(hint)}`
      return [sentence, ...(log?.split('\n').map((line) => `  ${plainStyle.text(line)}`) ?? [])]
    }),
  ]
}

function otherMetrics({ shown }: JudgeReport): string[] {
  if (shown.length === 0) return []
  const rows = shown.map((row) => [
    plainStyle.code(row.scenario),
    labelOf(row),
    formatStep(row.base, row.head, metrics[row.metric].unit),
    formatChange(row.change),
  ])
  return align([['scenario', 'other metric', 'base → head', 'change (95 % interval)'], ...rows])
}

function lengths({ lengths = [] }: TerminalContext): string[] {
  if (lengths.length === 0) return []
  const rows = lengths.map(({ scenario, sides, prompts, prompt, output }) => [
    plainStyle.code(scenario),
    sides,
    prompt,
    output,
    prompts,
  ])
  return align([['scenario', 'side', 'prompt tokens', 'answer tokens', 'prompts made of'], ...rows])
}

function cost({ minutes, passes, reproduce, clientNote, machine = [] }: TerminalContext): string[] {
  return [
    ...(minutes === undefined || passes === undefined ? [] : [`Cost: ${formatCost(minutes, passes)}`]),
    ...(clientNote ? [`Load client: ${plainStyle.text(clientNote)}`] : []),
    ...machine.map((line) => plainStyle.text(line)),
    ...(reproduce === undefined ? [] : [`Reproduce: ${oneLine(reproduce)}`]),
  ]
}

/** Left-aligned columns two spaces apart; the last column, which may hold symbols of double width, is not padded. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
