import type { ErrorCode } from '../errors.ts'
import { commentMarker, type FailureContext } from './context.ts'
import { shortSha } from './format.ts'
import { said } from './said.ts'
import { mergeJudges, titleOfShard } from './shard-title.ts'
import { codeSpan, escapeMarkdown, fence, linkTarget, plainStyle } from './style.ts'
import { fill } from './templates.ts'

/** An expected failure, as ActionError carries it. */
export interface Failure {
  readonly code: ErrorCode
  /** The first line is the headline; what follows (a server's last lines) is shown as it is. */
  readonly message: string
  readonly hint: string
}

export interface RenderedFailure {
  readonly comment: string
  readonly summary: string
  /** One line, plain text. */
  readonly title: string
}

const titles: Readonly<Record<ErrorCode, string>> = {
  usage: '⚠️ INVALID: nothing was judged, since the configuration is wrong',
  invalid: '⚠️ INVALID: nothing was judged',
  cancelled: '⏹️ CANCELLED: nothing was judged',
}

/** The report of a run that never came to a verdict. It cannot be mistaken for "slower", nor for "fine". */
export function renderFailure(failure: Failure, context: FailureContext): RenderedFailure {
  const { message, hint, log } = said(failure.message, failure.hint)
  const { shard = null } = context
  const view = {
    title: titleOfShard(`${titles[failure.code]}: ${escapeMarkdown(message)}`, shard),
    ofShard: shard === null ? null : mergeJudges,
    hint,
    logBlock: log === null ? null : fence(log),
    headCommit: context.headCommit === null ? null : shortSha(context.headCommit),
    reproduceBlock: context.reproduce === null ? null : fence(context.reproduce),
    gateCode: codeSpan(context.gate),
    toolVersion: context.toolVersion,
    runUrl: linkTarget(context.runUrl),
  }
  const summary = fill('failure', view)
  const title = titleOfShard(`${titles[failure.code]}: ${plainStyle.text(message)}`, shard)
  return { comment: `${commentMarker(context.gate)}\n${summary}`, summary, title }
}
