import { mean } from 'simple-statistics'
import type { ClientCalibration } from '../model/calibration.ts'
import type { RunnerClass } from '../model/runner-class.ts'
import { shardName } from '../model/shard.ts'
import type { Side, TrialEvidence } from '../model/trial.ts'
import type { PullRequestEvent } from '../plan/index.ts'
import { measurementContext, type ReportContext } from '../report/index.ts'
import { toolVersion } from '../version.ts'
import type { JobContext } from './context.ts'

/** Where and how a pull request was measured, by this job or by others. */
export interface MeasuredBy {
  readonly baseCommit: string
  /** Null: by nobody. */
  readonly runnerClass: RunnerClass | null
  readonly evidence: readonly TrialEvidence[]
  readonly calibration: ClientCalibration | null
  readonly passes: number
  /** Of other jobs, before this one. */
  readonly minutesBefore?: number
  /** The plan in words. */
  readonly plan: string
}

/** What a report says besides the verdict. */
export function reportContext(context: JobContext, event: PullRequestEvent, measured: MeasuredBy): ReportContext {
  const { baseCommit, runnerClass, evidence, passes, minutesBefore = 0, plan } = measured
  return {
    gate: context.inputs.gateName,
    shard: context.inputs.shard,
    kind: 'pull-request',
    baseCommit,
    headCommit: event.headSha,
    runnerClass,
    minutes: minutesBefore + (performance.now() - context.startedMs) / 60_000,
    passes,
    startup: { baseMs: meanStartupMs(evidence, 'base'), headMs: meanStartupMs(evidence, 'head') },
    reproduce: reproduceLine(context, event, baseCommit),
    runUrl: event.runUrl,
    errorRatesUrl: event.docsUrl === null ? null : `${event.docsUrl}/error-rates.md`,
    toolVersion,
    plan,
    ...measurementContext(evidence, measured.calibration),
  }
}

function meanStartupMs(evidence: readonly TrialEvidence[], side: Side): number | null {
  const measured = evidence.filter((trial) => trial.side === side).map((trial) => trial.startupMs)
  return measured.length === 0 ? null : mean(measured)
}

/** Measures base and head of this pull request anew, at a terminal. */
function reproduceLine({ inputs }: JobContext, event: PullRequestEvent, baseCommit: string): string {
  const config = inputs.configPath === 'llm-perf.yml' ? '' : ` --config ${inputs.configPath}`
  const shard = inputs.shard === null ? '' : ` --shard ${shardName(inputs.shard)}`
  return `git checkout ${event.headSha.slice(0, 12)} && llm-perf compare --base ${baseCommit.slice(0, 12)}${config}${shard}`
}
