import type { GreedyAnswer, OutputsComparison } from '../model/outputs.ts'
import { counts, type Side, type TrialEvidence } from '../model/trial.ts'
import type { CellVerdict } from '../model/verdict.ts'
import { plural } from '../model/words.ts'

/** Sound trials of a side behind a difference: a side that answered once cannot agree with itself. */
const fewestTrials = 2
/** Characters of an answer that are quoted. */
const quotedLength = 40
/** How much of what two answers have in common is quoted before they part. */
const quotedBefore = 12

/** What each side answered to one question, a trial each. */
type Answers = Readonly<Record<Side, readonly GreedyAnswer[]>>
/** The answers of two sides that agree with themselves. */
type Twins = Readonly<Record<Side, GreedyAnswer>>

/**
 * Compares what both sides answered when they had no choice. Only answers of sound trials count. One of each side shows
 * that the sides agree; that they differ takes two of each side, which agree with one another.
 *
 * @returns null where nothing can be said: a side was not measured or not asked, it did not answer, the trials were asked
 *   different questions, or a difference was seen but once
 */
export function compareOutputs(trials: readonly TrialEvidence[]): OutputsComparison | null {
  const sound = trials.filter((trial) => counts(trial) && trial.findings.length === 0)
  const outputs = sound.flatMap((trial) => trial.outputs ?? [])
  if (new Set(outputs.map(({ questions }) => questions)).size !== 1) return null
  const answered = Array.from({ length: outputs[0]?.answers.length ?? 0 }, (_, question) => ({
    base: answersOf(sound, 'base', question),
    head: answersOf(sound, 'head', question),
  })).filter(({ base, head }) => base.length > 0 && head.length > 0)
  if (answered.length === 0) return null
  const unsteady = (['base', 'head'] as const).filter((side) => answered.some((answers) => !agree(answers[side])))
  return unsteady.length > 0 ? notDeterministic(answered.length, unsteady) : compareSides(answered)
}

/**
 * Whether the next trial of a side should be asked at all. As soon as the sides agree, or one disagrees with itself,
 * nothing is left to find out; that they differ is only said if it holds in every later trial too.
 */
export function wantsAnswers(side: Side, trials: readonly TrialEvidence[]): boolean {
  const kind = compareOutputs(trials)?.kind ?? null
  if (kind !== null) return kind === 'changed'
  const asked = trials.filter((trial) => trial.side === side && trial.outputs !== undefined && counts(trial))
  return asked.length < fewestTrials
}

function answersOf(trials: readonly TrialEvidence[], side: Side, question: number): GreedyAnswer[] {
  return trials.flatMap((trial) => (trial.side === side ? (trial.outputs?.answers[question] ?? []) : []))
}

function agree([first, ...others]: readonly GreedyAnswer[]): boolean {
  return others.every((answer) => first !== undefined && isSame(first, answer))
}

/** The same text, ended for the same reason and counted the same. */
function isSame(one: GreedyAnswer, other: GreedyAnswer): boolean {
  return one.digest === other.digest && one.tokens === other.tokens && one.finishReason === other.finishReason
}

function notDeterministic(compared: number, sides: readonly Side[]): OutputsComparison {
  const who = sides.length === 2 ? 'both sides changed their' : `the ${sides[0]} side changed its`
  const text = `Outputs are not deterministic here: ${who} greedy answers from one start to the next, so the sides' outputs are not compared.`
  return { kind: 'not-deterministic', compared, changed: 0, text }
}

/** Expects sides that agree with themselves, so that the first answer stands for all. */
function compareSides(answered: readonly Answers[]): OutputsComparison | null {
  const twins = answered.flatMap(({ base, head }) => {
    const [one, other] = [base[0], head[0]]
    return one && other ? [{ base: one, head: other, trials: Math.min(base.length, head.length) }] : []
  })
  const settled = twins.filter((twin) => isSame(twin.base, twin.head) || twin.trials >= fewestTrials)
  const changed = settled.filter(({ base, head }) => !isSame(base, head))
  const compared = settled.length
  const [example] = changed
  if (!example) {
    if (compared < twins.length) return null
    const text = `The outputs are the same: ${plural(compared, 'greedy answer')} compared, none differs.`
    return { kind: 'same', compared, changed: 0, text }
  }
  const differ = changed.length === 1 ? 'differs' : 'differ'
  const text = `The outputs changed: ${changed.length} of ${plural(compared, 'greedy answer')} ${differ} from the base side's, e.g. ${describe(example)}.${lengthChange(settled)}`
  return { kind: 'changed', compared, changed: changed.length, text }
}

/** `"Paris, on the" became "!!!!"` */
function describe({ base, head }: Twins): string {
  const start = partingOf(base.beginning, head.beginning)
  if (start !== null) return `${quote(base.beginning, start)} became ${quote(head.beginning, start)}`
  const which = `the one that begins ${quote(base.beginning, 0)}`
  if (base.digest !== head.digest) return `${which} goes on differently`
  if (base.tokens !== head.tokens) return `${which}: ${tokens(base)} became ${tokens(head)}`
  return `${which}: it ended by ${JSON.stringify(base.finishReason)} and now ends by ${JSON.stringify(head.finishReason)}`
}

/** Where two texts begin to differ, in characters; null when they do not. */
function partingOf(one: string, other: string): number | null {
  if (one === other) return null
  const [first, second] = [[...one], [...other]]
  let at = 0
  while (at < first.length && first[at] === second[at]) at += 1
  return at
}

/** A text around the character `at`, with quotes, and with line breaks and the like as JSON writes them. */
function quote(text: string, at: number): string {
  const characters = [...text]
  const start = at > 2 * quotedBefore ? at - quotedBefore : 0
  const end = start + quotedLength
  const piece = characters.slice(start, end).join('')
  return JSON.stringify(`${start > 0 ? '…' : ''}${piece}${end < characters.length ? '…' : ''}`)
}

/** Told only where head says less: a side that counts no tokens says nothing of that. */
function lengthChange(twins: readonly Twins[]): string {
  const total = (side: Side) => twins.reduce((sum, twin) => sum + (twin[side].tokens ?? Number.NaN), 0)
  const [base, head] = [total('base'), total('head')]
  return head < base ? ` They are shorter: ${plural(head, 'token')} in all instead of ${base}.` : ''
}

function tokens(answer: GreedyAnswer): string {
  return answer.tokens === null ? 'uncounted' : plural(answer.tokens, 'token')
}

const doubt = 'A speed-up with other outputs may be no improvement.'

/** A row that got faster while the outputs changed says so: faster because broken is no improvement. */
export function doubtSpeedUps(rows: readonly CellVerdict[], outputs: OutputsComparison | null): CellVerdict[] {
  if (outputs?.kind !== 'changed') return [...rows]
  return rows.map((row) => (row.verdict === 'improved' ? { ...row, reason: `${row.reason} ${doubt}` } : row))
}

/** What the reader must know of the outputs; nothing where they are the same, or where there is no telling. */
export function outputsNotes(outputs: OutputsComparison | null, rows: readonly CellVerdict[]): string[] {
  if (outputs?.kind !== 'changed') return []
  const isFaster = rows.some(({ verdict }) => verdict === 'improved')
  return [isFaster ? `${outputs.text} ${doubt}` : outputs.text]
}
