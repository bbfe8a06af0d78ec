import { isDeepStrictEqual } from 'node:util'
import type { GatePolicy } from '../model/policy.ts'
import type { RunFile } from '../model/recording.ts'
import { differingFields, type Scenario } from '../model/scenario.ts'
import { scenariosOfShard } from '../model/shard.ts'
import type { ExpectedRun, ShardRecording } from './recording.ts'

/** Something that a recording must share with all others, and with this job. */
interface Rule {
  readonly code: string
  readonly hint: string
  /** What is other than it should be, to go on with after the name of the shard; null: nothing. */
  see(recording: ShardRecording, expected: ExpectedRun): string | null
}

const sameRun =
  'Merge the recordings of one workflow run, from jobs that check out the same commit. Delete artifacts of earlier runs, or download by a pattern that they do not match.'

const rules: readonly Rule[] = [
  {
    code: 'shard-unfinished',
    hint: 'Look at the log of its job for what ended it, and run that job again. The whole `recording-path` must be uploaded.',
    see: ({ conclusion }) => (conclusion === null ? 'ended before it had a verdict: there is no report.json' : null),
  },
  {
    code: 'shard-commit',
    hint: sameRun,
    see: ({ run: { head } }, { headCommit }) =>
      head.side === 'head' && head.commit === headCommit
        ? null
        : `measured ${shortCommit(head)} as its ${head.side}, this job has checked out ${short(headCommit)}`,
  },
  {
    code: 'shard-base',
    hint: `${sameRun} Set \`fetch-depth: 0\` in each.`,
    see: ({ run: { base } }, { baseCommit }) =>
      base === null || (base.side === 'base' && base.commit === baseCommit)
        ? null
        : `compared with ${shortCommit(base)} as its ${base.side}, the merge-base is ${short(baseCommit)}`,
  },
  {
    code: 'shard-version',
    hint: 'Use one version of this action in all jobs of the workflow.',
    see: ({ run }, { toolVersion }) =>
      valueOfSides(run, ({ toolVersion: own }) =>
        own === toolVersion ? null : `was recorded by version ${own}, this is ${toolVersion}`,
      ),
  },
  {
    code: 'shard-seed',
    hint: 'Give all jobs the same configuration and the same inputs.',
    see: ({ run }, { seed }) =>
      valueOfSides(run, ({ seed: own }) =>
        own === seed ? null : `was measured with load.seed ${own}, the configuration has ${seed}`,
      ),
  },
  {
    code: 'shard-policy',
    hint: "The base branch's policy holds in every job. Give all jobs the same inputs, and run them again where it was changed meanwhile.",
    see: ({ run, shard }, { policy }) =>
      valueOfSides(run, ({ plan }) => differingPolicy(plan.gate, { ...policy, shard })),
  },
  {
    code: 'shard-scenarios',
    hint: 'Give all jobs the same configuration and the same inputs, but for `shard`.',
    see: ({ run, shard }, { matrix }) =>
      valueOfSides(run, ({ plan }) => differingScenarios(plan.scenarios, scenariosOfShard(matrix, shard))),
  },
]

/** What keeps a recording from being a part of this pull request's verdict: a code, a sentence and a hint each. */
export function checkRecording(recording: ShardRecording, expected: ExpectedRun) {
  return rules.flatMap(({ code, hint, see }) => {
    const seen = see(recording, expected)
    return seen === null ? [] : [{ code, seen, hint }]
  })
}

/** The first side of which something is to be said. */
function valueOfSides({ head, base }: ShardRecording['run'], see: (run: RunFile) => string | null): string | null {
  return see(head) ?? (base && see(base))
}

function differingPolicy(own: GatePolicy, expected: GatePolicy): string | null {
  const [recorded, wanted] = [settingsOf(own), settingsOf(expected)]
  const names = [...new Set([...recorded.keys(), ...wanted.keys()])]
  const differing = names.filter((name) => !isDeepStrictEqual(recorded.get(name), wanted.get(name)))
  if (differing.length === 0) return null
  const parts = differing.map((name) => `${name} ${recorded.get(name)} instead of ${wanted.get(name)}`)
  return `was judged by another policy: ${parts.join(', ')}`
}

function settingsOf({ margins, shard, ...rest }: GatePolicy): Map<string, unknown> {
  return new Map(Object.entries({ ...rest, ...margins, shard: shard && `${shard.index}/${shard.count}` }))
}

function differingScenarios(own: readonly Scenario[], expected: readonly Scenario[]): string | null {
  const lacking = expected.filter(({ name }) => !own.some((scenario) => scenario.name === name))
  const foreign = own.filter(({ name }) => !expected.some((scenario) => scenario.name === name))
  const other = own.filter((scenario) => {
    const meant = expected.find(({ name }) => name === scenario.name)
    return meant !== undefined && differingFields(meant, scenario).length > 0
  })
  const parts = [
    ...lacking.map(({ name }) => `"${name}" is missing`),
    ...foreign.map(({ name }) => `"${name}" is not its own`),
    ...other.map(({ name }) => `"${name}" is other work`),
    ...(own.length > new Set(own.map(({ name }) => name)).size ? ['a scenario is there twice'] : []),
  ]
  return parts.length === 0 ? null : `did not measure its part of the matrix: ${parts.join(', ')}`
}

function shortCommit({ commit }: RunFile): string {
  return commit === null ? 'no known commit' : short(commit)
}

function short(commit: string): string {
  return commit.slice(0, 12)
}
