import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { error as annotateError, warning as annotateWarning, setOutput, summary } from '@actions/core'
import type { Log } from '../log.ts'
import type { Conclusion } from '../model/verdict.ts'
import type { PullRequestEvent } from '../plan/index.ts'
import {
  commentMarker,
  type FailureContext,
  measurementContext,
  plainHeadline,
  type ReportContext,
  renderComment,
  renderFailure,
  renderSummary,
  renderTerminal,
  soundReport,
} from '../report/index.ts'
import { toolVersion } from '../version.ts'
import { type PublishTarget, writeCheck } from './check.ts'
import type { JobContext } from './context.ts'
import type { Judged } from './judge-pull-request.ts'
import type { BaselineUpdated } from './update-baseline.ts'

/** Tells a verdict everywhere: report file, log, summary, comment, check, outputs, annotation. Returns the conclusion. */
export async function publishVerdict(
  context: JobContext,
  event: PullRequestEvent,
  judged: Judged,
  target: PublishTarget | null,
): Promise<Conclusion> {
  const { log, out } = context
  const report = soundReport(judged.report)
  const view = reportContext(context, event, judged)
  const reportPath = join(out, 'report.json')
  await writeFile(
    reportPath,
    `${JSON.stringify({ schema: 'llm-perf-report/1', ...report, context: view, cost: judged.cost }, null, 2)}\n`,
  )
  await log.group('Report', async () => log.info(renderTerminal(report, view)))
  await writeSummary(renderSummary(report, view), log)
  const body = renderComment(report, view)
  const url = await comment(target, view.gate, body, log)
  const { title, action } = plainHeadline(report)
  if (target) await writeCheck(target, view.gate, report.conclusion, { title, comment: body }, log)
  setOutputs({ verdict: report.conclusion, 'comment-url': url, 'report-path': reportPath, 'recording-path': out })
  setOutputs({ passes: view.passes.toFixed(2), minutes: view.minutes.toFixed(2) })
  annotate(report.conclusion, `${title} ${action} Reproduce: ${view.reproduce}`)
  return report.conclusion
}

/** Tells that the baseline has been updated. */
export async function publishBaseline(
  { out, startedMs, log }: JobContext,
  { summary: markdown, passes }: BaselineUpdated,
): Promise<void> {
  await writeSummary(markdown, log)
  const minutes = (performance.now() - startedMs) / 60_000
  setOutputs({ verdict: 'pass', 'recording-path': out, passes: passes.toFixed(2), minutes: minutes.toFixed(2) })
}

/** Tells how a pull request would be judged; that is no verdict. */
export async function publishPlan(text: string, log: Log): Promise<void> {
  log.info(text)
  await writeSummary(`### llm-perf: the plan\n\n${text.replaceAll('\n', '\n\n')}\n`, log)
  setOutputs({ verdict: 'planned' })
}

/** Tells that a run never came to a verdict. The step fails by the error itself. */
export async function publishFailure(
  failure: Parameters<typeof renderFailure>[0],
  context: FailureContext,
  target: PublishTarget | null,
  log: Log,
): Promise<void> {
  const rendered = renderFailure(failure, context)
  await writeSummary(rendered.summary, log)
  const url = await comment(target, context.gate, rendered.comment, log)
  if (target) await writeCheck(target, context.gate, 'invalid', rendered, log)
  setOutputs({ verdict: 'invalid', 'comment-url': url })
}

function reportContext(context: JobContext, event: PullRequestEvent, judged: Judged): ReportContext {
  const startup = (side: 'base' | 'head') => {
    const measured = judged.evidence.filter((trial) => trial.side === side).map((trial) => trial.startupMs)
    return measured.length === 0 ? null : measured.reduce((sum, ms) => sum + ms, 0) / measured.length
  }
  return {
    gate: context.inputs.gateName,
    kind: 'pull-request',
    baseCommit: judged.plan.baseCommit,
    headCommit: event.headSha,
    runnerClass: context.runnerClass,
    minutes: (performance.now() - context.startedMs) / 60_000,
    passes: judged.cost.passes,
    startup: { baseMs: startup('base'), headMs: startup('head') },
    reproduce: reproduceLine(context, event, judged),
    runUrl: event.runUrl,
    errorRatesUrl: event.docsUrl === null ? null : `${event.docsUrl}/error-rates.md`,
    toolVersion,
    plan: judged.plan.design.text,
    ...measurementContext(judged.evidence, judged.calibration),
  }
}

function reproduceLine({ inputs }: JobContext, event: PullRequestEvent, judged: Judged): string {
  const config = inputs.configPath === 'llm-perf.yml' ? '' : ` --config ${inputs.configPath}`
  return `git checkout ${event.headSha.slice(0, 12)} && llm-perf compare --base ${judged.plan.baseCommit.slice(0, 12)}${config}`
}

async function comment(target: PublishTarget | null, gate: string, body: string, log: Log): Promise<string> {
  if (!target?.comment) return ''
  const { github, event } = target
  const result = await github.upsertComment(event.number, commentMarker(gate), body, event.runUrl)
  if ('url' in result) {
    log.info(`Comment: ${result.url}`)
    return result.url
  }
  log.warning(`${result.problem} The verdict stands.`)
  return ''
}

async function writeSummary(markdown: string, log: Log): Promise<void> {
  try {
    await summary.addRaw(markdown, true).write()
  } catch (error) {
    log.warning(`The job summary could not be written: ${String(error)}`)
  }
}

function setOutputs(values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) setOutput(name, value)
}

/** One annotation a run: the table is in the summary, and a step shows ten at most. */
function annotate(conclusion: Conclusion, text: string): void {
  if (conclusion === 'inconclusive') annotateWarning(text, { title: 'llm-perf: inconclusive' })
  else if (conclusion !== 'pass') annotateError(text, { title: `llm-perf: ${conclusion}` })
}
