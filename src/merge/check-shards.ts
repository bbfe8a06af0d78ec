import { allShards, type Shard, scenariosOfShard, shardName } from '../model/shard.ts'
import type { Finding } from '../model/trial.ts'
import { plural } from '../model/words.ts'
import { checkRecording } from './check-recording.ts'
import { type ExpectedRun, type FoundRecording, mergeFinding, type ShardRecording } from './recording.ts'

/** What of the recordings can be judged together, and everything that is wrong with the others or with the whole. */
export interface CheckedShards {
  /** At most one of each shard, in their order. */
  readonly sound: readonly ShardRecording[]
  /** How many shards there should be; null: no recording says so. */
  readonly count: number | null
  readonly findings: readonly Finding[]
}

/** Whether the recordings are all shards of one run, each once, and nothing else; all problems at once. */
export function checkShards(recordings: readonly FoundRecording[], expected: ExpectedRun): CheckedShards {
  const shards = recordings.flatMap(asShard)
  const count = shards[0]?.shard.count ?? null
  const ofWhole = recordings.filter(({ run }) => run.head.plan.gate.shard === undefined)
  const ofOthers = shards.filter(({ shard }) => shard.count !== count)
  const chosen = allShards(count ?? 0).map((shard) => chooseOne(shard, shards, expected))
  const { sound, findings } = ofOneClass(chosen.flatMap(({ sound: one }) => one ?? []))
  return {
    sound,
    count,
    findings: [
      ...ofWhole.map(noShard),
      ...ofOthers.map((one) => otherCount(one, count ?? 0)),
      ...chosen.flatMap((one) => one.findings),
      ...findings,
    ],
  }
}

function asShard(recording: FoundRecording): ShardRecording[] {
  const { shard } = recording.run.head.plan.gate
  return shard ? [{ ...recording, shard }] : []
}

/** The one sound recording of a shard; two of one shard are none, since there is no telling which of them counts. */
function chooseOne(shard: Shard, shards: readonly ShardRecording[], expected: ExpectedRun) {
  const own = shards.filter((one) => shardName(one.shard) === shardName(shard))
  const [first] = own
  if (!first) return { sound: null, findings: [missing(shard, expected)] }
  if (own.length > 1) return { sound: null, findings: [twice(shard, own)] }
  const findings = checkRecording(first, expected).map(({ code, seen, hint }) =>
    mergeFinding(code, `Shard ${shardName(shard)} (${first.name}) ${seen}.`, hint, shard),
  )
  return { sound: findings.length === 0 ? first : null, findings }
}

/** All on machines of the first one's class: what is called one verdict must be of one kind of machine. */
function ofOneClass(shards: readonly ShardRecording[]): Pick<CheckedShards, 'sound' | 'findings'> {
  const [first] = shards
  const classOf = (one: ShardRecording) => one.run.head.runnerClass.id
  const others = shards.filter((one) => first && classOf(one) !== classOf(first))
  return {
    sound: shards.filter((one) => !others.includes(one)),
    findings: others.map((one) => {
      const seen = `Shard ${shardName(one.shard)} (${one.name}) was measured on ${classOf(one)}`
      const wanted = first ? `, shard ${shardName(first.shard)} on ${classOf(first)}` : ''
      const hint = 'Give all shards runners of one class (labels under runs-on): the same hardware and the same driver.'
      return mergeFinding('shard-runner', `${seen}${wanted}.`, hint, one.shard)
    }),
  }
}

const lookAtJob =
  'Look at the job of that shard: if it failed before it measured, repair that; else see that it uploads its `recording-path` with actions/upload-artifact, and that this job downloads it.'

function missing(shard: Shard, { matrix }: ExpectedRun): Finding {
  const names = scenariosOfShard(matrix, shard).map(({ name }) => `"${name}"`)
  const what = names.length === 0 ? 'no scenario' : names.join(', ')
  return mergeFinding(
    'shard-missing',
    `There is no recording of shard ${shardName(shard)} (${what}).`,
    lookAtJob,
    shard,
  )
}

function twice(shard: Shard, own: readonly ShardRecording[]): Finding {
  const folders = own.map(({ name }) => name).join(', ')
  const message = `There are ${plural(own.length, 'recording')} of shard ${shardName(shard)} (${folders}): which of them counts cannot be told.`
  const hint =
    'Give each job its own shard, and name its artifact for the shard alone with `overwrite: true`, so that a job that is run again replaces it.'
  return mergeFinding('shard-twice', message, hint, shard)
}

function noShard({ name }: FoundRecording): Finding {
  const message = `The recording in ${name} is of no shard: its job measured the whole matrix.`
  return mergeFinding('no-shard', message, 'Give each job of the matrix its input `shard`, such as 2/4.')
}

function otherCount({ name, shard }: ShardRecording, count: number): Finding {
  const message = `The recording in ${name} is of shard ${shardName(shard)}, where others are of ${plural(count, 'shard')}.`
  return mergeFinding(
    'shard-count',
    message,
    'Give all jobs of the matrix the same number of shards: 1/4, 2/4, 3/4, 4/4.',
    shard,
  )
}
