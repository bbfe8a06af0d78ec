import type { OutputsComparison } from '../model/outputs.ts'
import { type Shard, shardName } from '../model/shard.ts'
import type { JudgeReport } from '../model/verdict.ts'

interface Said {
  readonly shard: Shard
  readonly report: JudgeReport
}

/** What the shards say, each sentence once: as it is where every shard says it, else with the names of those that do. */
export function joinNotes(shards: readonly Said[], besides: ReadonlySet<string>): string[] {
  const sentences = shards.map(({ shard, report }) => ({ shard, texts: report.notes }))
  return joinTexts(sentences)
    .filter(({ text }) => !besides.has(text))
    .map(withNames)
}

/** Failed as soon as one failed; only those that failed are told then. Null where no shard could tell. */
export function joinNullControls(shards: readonly Said[]): JudgeReport['nullControl'] {
  const controls = shards.flatMap(({ shard, report }) =>
    report.nullControl ? [{ shard, texts: [report.nullControl.text], passed: report.nullControl.passed }] : [],
  )
  if (controls.length === 0) return null
  const passed = controls.every((control) => control.passed)
  const told = passed ? controls : controls.filter((control) => !control.passed)
  return { passed, text: joinTexts(told).map(withNames).join(' ') }
}

const kindsWorstFirst: readonly OutputsComparison['kind'][] = ['changed', 'not-deterministic', 'same']

/**
 * Changed as soon as one shard saw it; only those of the worst kind are told. Every shard asks the same questions, so
 * their numbers do not add up.
 */
export function joinOutputs(shards: readonly Said[]): OutputsComparison | null {
  const known = shards.flatMap(({ shard, report }) => (report.outputs ? [{ shard, outputs: report.outputs }] : []))
  const kind = kindsWorstFirst.find((candidate) => known.some(({ outputs }) => outputs.kind === candidate))
  if (kind === undefined) return null
  const told = known.filter(({ outputs }) => outputs.kind === kind)
  const texts = joinTexts(told.map(({ shard, outputs }) => ({ shard, texts: [outputs.text] })))
  return {
    kind,
    compared: Math.max(...told.map(({ outputs }) => outputs.compared)),
    changed: Math.max(...told.map(({ outputs }) => outputs.changed)),
    text: texts.map(withNames).join(' '),
  }
}

interface Sentence {
  readonly text: string
  readonly shards: readonly Shard[]
}

function joinTexts(said: readonly { readonly shard: Shard; readonly texts: readonly string[] }[]): Sentence[] {
  const all = said.flatMap(({ shard, texts }) => texts.map((text) => ({ shard, text })))
  const groups = Map.groupBy(all, ({ text }) => text)
  return [...groups].map(([text, of]) => ({ text, shards: [...new Set(of.map(({ shard }) => shard))] }))
}

function withNames({ text, shards }: Sentence): string {
  const names = shards.map(shardName)
  const isOwn = names.length === 1 && text.includes(`shard ${names[0]}`)
  return isOwn || names.length === shards[0]?.count ? text : `Shard ${names.join(', ')}: ${text}`
}
