import { relative, resolve } from 'node:path'
import { sum } from 'simple-statistics'
import { mergeRecordings } from '../merge/merge-recordings.ts'
import { readRecordings } from '../merge/read-recordings.ts'
import type { ShardRecording } from '../merge/recording.ts'
import type { TrialRecord } from '../model/recording.ts'
import { shardName } from '../model/shard.ts'
import { plural } from '../model/words.ts'
import type { PullRequestEvent } from '../plan/index.ts'
import { toolVersion } from '../version.ts'
import type { JobContext } from './context.ts'
import { readDemands } from './demands.ts'
import type { ToldVerdict } from './publish.ts'
import { reportContext } from './report-context.ts'

/** One verdict on what the shards of a pull request have measured; nothing is measured here. */
export async function mergeShards(context: JobContext, event: PullRequestEvent): Promise<ToldVerdict> {
  const { inputs, config, matrix, out, log } = context
  const { policy, headCommit, baseCommit, accepted, notes } = await log.group('Plan', () => readDemands(context, event))
  const recordings = resolve(event.workspace, inputs.recordings ?? '')
  const found = await log.group('Recordings', async () => {
    const read = await readRecordings(recordings)
    log.info(`${plural(read.recordings.length, 'recording')} in ${relative(event.workspace, recordings) || '.'}.`)
    return read
  })
  const expected = { matrix, policy, seed: config.load.seed, headCommit, baseCommit, toolVersion }
  const { report, judged, count } = mergeRecordings(found, expected, { accepted, notes })
  const view = reportContext(context, event, {
    baseCommit,
    runnerClass: judged[0]?.run.head.runnerClass ?? null,
    evidence: judged.flatMap(({ run }) => run.trials),
    calibration: worstClient(judged)?.run.head.calibration ?? null,
    passes: sum(judged.flatMap(trialsOf).map(({ windows }) => windows.length)) / matrix.length,
    minutesBefore: Math.max(0, ...judged.map(minutesOf)),
    plan: describe(judged, count),
  })
  return { report, view: { ...view, clientNote: clientNote(view.clientNote, judged) }, out, recordings, log }
}

/** Discarded ones too: they cost as much. */
function trialsOf({ run: { head, base } }: ShardRecording): readonly TrialRecord[] {
  return [...head.trials, ...(base?.trials ?? [])]
}

function minutesOf(recording: ShardRecording): number {
  return sum(trialsOf(recording).map(({ durationMs }) => durationMs)) / 60_000
}

/** Whose client was off by most: what is said of its figures holds for all. */
function worstClient(judged: readonly ShardRecording[]): ShardRecording | undefined {
  const error = ({ run }: ShardRecording) => run.head.calibration?.latency.p99Ms ?? 0
  return judged.toSorted((a, b) => error(b) - error(a))[0]
}

function clientNote(note: string | null, judged: readonly ShardRecording[]): string | null {
  const worst = worstClient(judged)
  return note && worst ? `${note} The largest of all shards, seen by ${shardName(worst.shard)}.` : note
}

function describe(judged: readonly ShardRecording[], count: number | null): string {
  const longest = judged.toSorted((a, b) => minutesOf(b) - minutesOf(a))[0]
  const all =
    count === null ? 'No recording of a shard was found' : `${judged.length} of ${plural(count, 'shard')} judged`
  if (!longest) return `${all}; nothing that was measured could be used.`
  const names = judged.map(({ shard, name }) => `${shardName(shard)} (${name})`).join(', ')
  return `${all}, each measured by a job of its own and judged here by its recording: ${names}. The minutes are those of the trials of ${shardName(longest.shard)}, which took longest, and of this job; the passes are of the whole matrix, over all shards.`
}
