import type { FoundRecording } from '../../src/merge/recording.ts'
import { defaultPolicy, type GatePolicy } from '../../src/model/policy.ts'
import type { RunFile } from '../../src/model/recording.ts'
import { type Shard, scenariosOfShard } from '../../src/model/shard.ts'
import type { TrialEvidence } from '../../src/model/trial.ts'
import { jitter, type Measure, measured, pairs, scenario } from '../judge/evidence.ts'
import { header } from '../recording/sample.ts'

/** Recordings of shards made by hand: what the tests of the merge feed it with. */

export const matrix = ['a', 'b', 'c', 'd'].map((name) => scenario(name))
export const policy: GatePolicy = { ...defaultPolicy, maxPairs: 11 }
export const headCommit = 'a'.repeat(40)
export const baseCommit = 'b'.repeat(40)
export const expected = { matrix, policy, seed: 1, headCommit, baseCommit, toolVersion: header.toolVersion }

export const firstOfTwo: Shard = { index: 1, count: 2 }
export const secondOfTwo: Shard = { index: 2, count: 2 }

/** Every scenario the same on both sides but for noise, and those that are named slower on the head. */
export function measure(shard: Shard, slower: Readonly<Record<string, number>> = {}): Measure {
  return (side, random) =>
    Object.fromEntries(
      scenariosOfShard(matrix, shard).map(({ name }) => {
        const factor = (side === 'head' ? (slower[name] ?? 1) : 1) * jitter(random, 0.01)
        return [name, measured(10 * factor, factor)]
      }),
    )
}

export interface ShardSample {
  readonly name?: string
  readonly trials?: readonly TrialEvidence[]
  readonly conclusion?: FoundRecording['conclusion']
  /** Changes of run.json, of both sides. */
  readonly run?: Partial<RunFile>
  readonly gate?: Partial<GatePolicy>
}

/** A recording of a shard as its job leaves it: by default eleven pairs without a change. */
export function recordingOf(shard: Shard, sample: ShardSample = {}): FoundRecording {
  const { name = `rec-${shard.index}`, trials = pairs(11, measure(shard)), conclusion = 'pass' } = sample
  const gate = { ...policy, shard, ...sample.gate }
  const plan = { scenarios: scenariosOfShard(matrix, shard), gate, quantileMethod: 'harrell-davis' } as const
  const head: RunFile = { ...header, commit: headCommit, plan, trials: [], ...sample.run }
  const base: RunFile = { ...head, side: 'base', commit: baseCommit }
  return { name, run: { head, base, trials, notes: [] }, window: null, conclusion }
}
