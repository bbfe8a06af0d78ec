import { isDeepStrictEqual } from 'node:util'
import { ofScenarios } from '../measure/acceptance.ts'
import type { AcceptedSlowdown } from '../model/accepted.ts'
import { shardName } from '../model/shard.ts'
import type { Finding } from '../model/trial.ts'
import type { Conclusion, JudgeReport } from '../model/verdict.ts'
import { judgeRun } from '../recording/recorded-run.ts'
import { soundReport } from '../report/index.ts'
import { checkShards } from './check-shards.ts'
import { type JudgedShard, joinReports } from './join-reports.ts'
import type { FoundRecordings } from './read-recordings.ts'
import { type ExpectedRun, mergeFinding, type ShardRecording } from './recording.ts'

export interface Merged {
  readonly report: JudgeReport
  /** The recordings that the report rests on, in the order of their shards. */
  readonly judged: readonly ShardRecording[]
  /** How many shards there should be; null: no recording says so. */
  readonly count: number | null
}

/** What the pull request takes on purpose, and what the reader must know before any shard is looked at. */
export interface MergeDemands {
  /** Read afresh: what a recording says of it is not believed. */
  readonly accepted: readonly AcceptedSlowdown[]
  readonly notes: readonly string[]
}

/** One verdict on all shards, each judged again from its raw recording. */
export function mergeRecordings(found: FoundRecordings, expected: ExpectedRun, demands: MergeDemands): Merged {
  const { sound, count, findings } = checkShards(found.recordings, expected)
  const judged = sound.map((recording) => judgeShard(recording, expected, demands.accepted))
  const used = judged.filter(({ finding, report }) => finding === null || report.conclusion === 'regressed')
  const { matrix, policy } = expected
  const report = joinReports({
    matrix,
    policy,
    count,
    shards: used,
    findings: [...found.findings, ...findings, ...judged.flatMap(({ finding }) => finding ?? [])],
    ...demands,
  })
  return { report, judged: used.map(({ recording }) => recording), count }
}

interface Rejudged extends JudgedShard {
  readonly recording: ShardRecording
  /** Why its report cannot be taken for the shard's. */
  readonly finding: Finding | null
}

function judgeShard(recording: ShardRecording, expected: ExpectedRun, all: readonly AcceptedSlowdown[]): Rejudged {
  const { shard, run, window } = recording
  const policy = { ...expected.policy, shard }
  const judge = (accepted: readonly AcceptedSlowdown[]) => soundReport(judgeRun(run, { window, policy, accepted }))
  const { accepted } = ofScenarios({ accepted: all }, run.head.plan.scenarios)
  const report = judge(accepted)
  const acceptedThen = run.head.accepted ?? []
  // The same demands give the same report: most shards are judged once.
  const again = isDeepStrictEqual(acceptedThen, accepted) ? report : judge(acceptedThen)
  return { shard, recording, report, finding: disagreement(recording, again.conclusion) }
}

/**
 * A shard's own job saw what its recording may not show, so a better verdict than that job's is not believed. The same
 * trials give the same verdict, so a worse one is no less odd.
 *
 * @param again what the recording comes to under the slowdowns accepted then: they may have changed since
 */
function disagreement({ shard, name, conclusion }: ShardRecording, again: Conclusion): Finding | null {
  if (again === conclusion) return null
  return mergeFinding(
    'shard-verdict',
    `The job of shard ${shardName(shard)} (${name}) came to "${conclusion}", its recording to "${again}".`,
    'Upload the whole `recording-path` of each job unchanged, and look at the log of that job.',
    shard,
  )
}
