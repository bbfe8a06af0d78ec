import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { error as annotateError, warning as annotateWarning, setOutput, summary } from '@actions/core'
import type { Log } from '../log.ts'
import type { Cost } from '../measure/cost.ts'
import { shardName } from '../model/shard.ts'
import type { Conclusion, JudgeReport } from '../model/verdict.ts'
import type { PullRequestEvent } from '../plan/index.ts'
import { reportFileName, reportSchemaName } from '../recording/judged-report.ts'
import {
  commentMarker,
  type FailureContext,
  mergeJudges,
  plainHeadline,
  type ReportContext,
  renderComment,
  renderFailure,
  renderSummary,
  renderTerminal,
  soundReport,
  titleOfShard,
} from '../report/index.ts'
import { type PublishTarget, writeCheck } from './check.ts'
import type { JobContext } from './context.ts'
import type { Judged } from './judge-pull-request.ts'
import { reportContext } from './report-context.ts'
import type { BaselineUpdated } from './update-baseline.ts'

/** Tells what this job's own measurement came to. Returns the conclusion. */
export async function publishVerdict(
  context: JobContext,
  event: PullRequestEvent,
  judged: Judged,
  target: PublishTarget | null,
): Promise<Conclusion> {
  const { log, out } = context
  const { report, evidence, calibration, cost, plan } = judged
  const { baseCommit, design } = plan
  const measured = { baseCommit, evidence, calibration, passes: cost.passes, plan: design.text }
  const view = reportContext(context, event, { ...measured, runnerClass: context.runnerClass })
  return await publishReport({ report, view, cost, out, recordings: out, log }, target)
}

/** A verdict, and what is told with it. */
export interface ToldVerdict {
  readonly report: JudgeReport
  readonly view: ReportContext
  /** Left out where this job measured nothing. */
  readonly cost?: Cost
  /** Folder of report.json. */
  readonly out: string
  /** Folder of what the verdict rests on. */
  readonly recordings: string
  readonly log: Log
}

/** Tells a verdict everywhere: report file, log, summary, comment, check, outputs, annotation. Returns the conclusion. */
export async function publishReport(told: ToldVerdict, target: PublishTarget | null): Promise<Conclusion> {
  const { view, cost, log } = told
  const report = soundReport(told.report)
  const reportPath = join(told.out, reportFileName)
  await writeFile(
    reportPath,
    `${JSON.stringify({ schema: reportSchemaName, ...report, context: view, cost }, null, 2)}\n`,
  )
  await log.group('Report', async () => log.info(renderTerminal(report, view)))
  await writeSummary(renderSummary(report, view), log)
  const body = renderComment(report, view)
  const url = await comment(target, view.gate, body, log)
  const { title, action } = plainHeadline(report)
  if (target) await writeCheck(target, view.gate, report.conclusion, { title, comment: body }, log)
  const paths = { 'report-path': reportPath, 'recording-path': told.recordings }
  setOutputs({ verdict: report.conclusion, 'comment-url': url, ...paths })
  setOutputs({ passes: view.passes.toFixed(2), minutes: view.minutes.toFixed(2) })
  const { shard = null } = view
  const next = shard === null ? action : `${action} ${mergeJudges}`
  annotate(report.conclusion, `${titleOfShard(title, shard)} ${next} Reproduce: ${view.reproduce}`)
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
export async function publishPlan({ inputs, log }: JobContext, text: string): Promise<void> {
  log.info(text)
  const ofShard = inputs.shard === null ? '' : ` of shard ${shardName(inputs.shard)}`
  await writeSummary(`### llm-perf: the plan${ofShard}\n\n${text.replaceAll('\n', '\n\n')}\n`, log)
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
