import { idleNotes } from '../judge/accepted.ts'
import { cellsOf } from '../judge/cells.ts'
import { partOfMatrix } from '../judge/part-of-matrix.ts'
import { conclusionOf, emptyRow, sortRows } from '../judge/rows.ts'
import type { AcceptedSlowdown } from '../model/accepted.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { Scenario } from '../model/scenario.ts'
import { allShards, type Shard, scenariosOfShard, shardName } from '../model/shard.ts'
import type { Finding } from '../model/trial.ts'
import { type CellVerdict, type JudgeReport, worstVerdict } from '../model/verdict.ts'
import { joinNotes, joinNullControls, joinOutputs } from './join-sentences.ts'

/** What one shard came to. */
export interface JudgedShard {
  readonly shard: Shard
  readonly report: JudgeReport
}

export interface JoinInput {
  readonly matrix: readonly Scenario[]
  /** Of the whole matrix. */
  readonly policy: GatePolicy
  /** How many shards there should be; null: nobody knows. */
  readonly count: number | null
  /** Each shard that could be judged, once. */
  readonly shards: readonly JudgedShard[]
  /** What keeps the whole from being judged. */
  readonly findings: readonly Finding[]
  readonly accepted: readonly AcceptedSlowdown[]
  readonly notes: readonly string[]
}

/**
 * One report of the whole matrix. A scenario of no judged shard is `missing`; the verdict is the worst row's, never better
 * than that of a shard, and never better than `invalid` while something keeps the whole from being judged. A slowdown that
 * one shard has proven stands, whatever broke in another.
 */
export function joinReports(input: JoinInput): JudgeReport {
  const { matrix, shards, findings, accepted, notes } = input
  const cells = sortRows([...shards.flatMap(rowsOf), ...missingRows(input)])
  const overall = worstVerdict([
    ...cells.map(({ verdict }) => verdict),
    ...shards.map(({ report }) => report.overall),
    ...(findings.length > 0 || cells.length === 0 ? ['invalid' as const] : []),
  ])
  const ofShards = <T>(pick: (report: JudgeReport) => readonly T[]) => shards.flatMap(({ report }) => pick(report))
  const diagnoses = ofShards((report) => report.diagnoses)
  return {
    overall,
    conclusion: conclusionOf(overall),
    cells,
    shown: ofShards((report) => report.shown),
    diagnoses,
    part: partOfMatrix(matrix, cells, diagnoses),
    findings: [...findings, ...shards.flatMap(findingsOf)],
    pairs: shards.reduce((sum, { report }) => sum + report.pairs, 0),
    trials: shards.reduce((sum, { report }) => sum + report.trials, 0),
    nullControl: joinNullControls(shards),
    outputs: joinOutputs(shards),
    accepted,
    notes: [...notes, ...joinNotes(shards, idleInOne(accepted)), ...idleNotes(accepted, cells)],
  }
}

/** All scenarios together are those of the shard: no pair has measured them beside the others. */
function rowsOf({ shard, report }: JudgedShard): CellVerdict[] {
  return report.cells.map((cell) => (cell.scenario === null ? { ...cell, shard } : cell))
}

function findingsOf({ shard, report }: JudgedShard): Finding[] {
  return report.findings.map((finding) => ({ ...finding, shard }))
}

function missingRows({ matrix, policy, count, shards, findings }: JoinInput): CellVerdict[] {
  const judged = new Set(shards.flatMap(({ report }) => report.cells.map(({ scenario }) => scenario)))
  const owners = allShards(count ?? 0)
  return matrix.flatMap((scenario) => {
    if (judged.has(scenario.name)) return []
    const owner = owners.find((shard) => scenariosOfShard(matrix, shard).includes(scenario))
    const reason = owner ? whyMissing(owner, findings) : 'No recording says which shard measured it.'
    return cellsOf([scenario], policy).map((cell) => emptyRow(cell, 'missing', reason))
  })
}

function whyMissing(owner: Shard, findings: readonly Finding[]): string {
  const name = shardName(owner)
  const why = findings.find(({ shard }) => shard && shardName(shard) === name)?.message
  return why ?? `It belongs to shard ${name}, of which there is nothing that could be judged.`
}

/** What a shard says of an acceptance that no row of its own rests on: a row of another may. */
function idleInOne(accepted: readonly AcceptedSlowdown[]): ReadonlySet<string> {
  return new Set(idleNotes(accepted, []))
}
