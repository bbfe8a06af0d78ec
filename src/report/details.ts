import { errorBudget } from '../judge/looks.ts'
import { metrics } from '../metrics/index.ts'
import type { RunnerClass } from '../model/runner-class.ts'
import type { Finding } from '../model/trial.ts'
import type { JudgeReport } from '../model/verdict.ts'
import { plural } from '../model/words.ts'
import type { ReportContext } from './context.ts'
import { labelOf, nameOf } from './describe-cell.ts'
import {
  formatChange,
  formatCost,
  formatPercent,
  formatStep,
  formatValue,
  isFigure,
  noFigure,
  shortSha,
} from './format.ts'
import { mdeSentence } from './mde.ts'
import { said } from './said.ts'
import { codeSpan, fence, linkTarget, markdownStyle } from './style.ts'
import { verdictWords } from './verdict-words.ts'

/** The folded part of a report, as the template wants it: plain strings are escaped there, `…Code` and `…Block` here. */
export function detailsView(report: JudgeReport, context: ReportContext, most: number) {
  const { diagnoses, part, cells, shown, findings } = report
  return {
    part,
    diagnoses: diagnoses
      .slice(0, most)
      .map(({ scenario, phase, text }) => ({ nameCode: codeSpan(scenario), phase, text })),
    decisions: cells.slice(0, most).map((cell) => ({
      nameCode: nameOf(cell, markdownStyle),
      metric: labelOf(cell),
      verdict: verdictWords[cell.verdict],
      margin: formatPercent(cell.margin),
      mde: formatPercent(cell.mde),
      decidedBy: cell.decidedBy === 'pairs' ? plural(cell.pairs, 'pair') : cell.decidedBy,
      pValue: isFigure(cell.pValue) ? cell.pValue.toFixed(4) : noFigure,
      reason: cell.reason,
    })),
    undecided: cells
      .filter(({ wouldDecide }) => wouldDecide !== null)
      .slice(0, most)
      .map((cell) => ({ nameCode: nameOf(cell, markdownStyle), metric: labelOf(cell), needs: cell.wouldDecide })),
    belief: {
      seen: mdeSentence(cells),
      ...falseAlarms(context),
      ratesUrl: linkTarget(context.errorRatesUrl),
    },
    others: shown.slice(0, most).map((row) => ({
      nameCode: codeSpan(row.scenario),
      metric: labelOf(row),
      values: formatStep(row.base, row.head, metrics[row.metric].unit),
      change: formatChange(row.change),
    })),
    lengths: context.lengths.slice(0, most).map((row) => ({ ...row, nameCode: codeSpan(row.scenario) })),
    findings: findings.slice(0, most).map(findingView),
    nullControl: report.nullControl,
    outputs: quietOutputs(report),
    cost: costLines(report, context),
    reproduceBlock: fence(context.reproduce),
    hasDiagnosis: part !== null || (diagnoses.length > 0 && most > 0),
    leftOut: [diagnoses, cells, shown, findings, context.lengths].some((list) => list.length > most),
  }
}

/** The error budget: of the whole matrix, or a shard's part of it. */
function falseAlarms({ shard = null }: ReportContext) {
  const all = formatPercent(errorBudget)
  return shard === null
    ? { falseAlarms: all, ofShard: null }
    : {
        falseAlarms: `${all} / ${shard.count}`,
        ofShard: `; all ${plural(shard.count, 'shard')} together in at most ${all}`,
      }
}

/** What was found out about the outputs where no note says it already. */
export function quietOutputs({ outputs }: JudgeReport): readonly string[] {
  return outputs === null || outputs.kind === 'changed' ? [] : [outputs.text]
}

function findingView(finding: Finding) {
  const { message, hint, log } = said(finding.message, finding.hint)
  const nameCode = nameOf(finding, markdownStyle)
  return { codeCode: codeSpan(finding.code), nameCode, message, hint, logBlock: log === null ? null : fence(log) }
}

function costLines(report: JudgeReport, context: ReportContext): string[] {
  const { baseCommit, headCommit, startup, minutes, passes, plan, clientNote, machine } = context
  const base = baseCommit === null ? 'no base side was measured' : `base ${shortSha(baseCommit)}`
  const starts = `base ${formatValue(startup.baseMs, 'ms')}, head ${formatValue(startup.headMs, 'ms')}`
  return [
    `Commits: ${base}, head ${shortSha(headCommit)}`,
    ...(context.runnerClass === null ? [] : [`Runner: ${describeRunner(context.runnerClass)}`]),
    `Plan: ${plan}`,
    `Cost: ${formatCost(minutes, passes)}, ${plural(report.trials, 'trial')}, ${plural(report.pairs, 'pair')}`,
    `Server start: ${starts}`,
    ...(clientNote === null ? [] : [`Load client: ${clientNote}`]),
    ...machine,
  ]
}

/** `rtx-2060-5f3a9c1e: 1 x RTX 2060, driver 550.1, on linux x64, 8 cores, 32 GiB` */
export function describeRunner({ id, os, arch, cpu, cores, memoryGiB, gpu }: RunnerClass): string {
  const device = gpu ? `${gpu.count} x ${gpu.name}, driver ${gpu.driver}, on ` : 'no GPU, '
  return `${id}: ${device}${os} ${arch}, ${cpu}, ${plural(cores, 'core')}, ${memoryGiB} GiB`
}
