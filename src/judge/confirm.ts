import { fitPeers, unknownVariance, type Variance, varianceOf } from '../stats/moderated-variance.ts'
import { type FlipPValues, signFlipMaxT } from '../stats/sign-flip.ts'
import { studentQuantile } from '../stats/student-t.ts'
import { type Anchor, anchoredEffect } from './anchor.ts'
import type { Cell } from './cells.ts'
import { type Effect, effectOf, upperBound } from './effect.ts'
import { surely } from './hurdles.ts'
import { clearingOf, type Look, type LookPolicy, looksAt } from './looks.ts'
import { provenWithin } from './overtaken.ts'
import { type Pair, pairDifferences, present } from './pairs.ts'

/** What the pairs say of one cell: at the look that decided it, or at the last look so far. */
export interface Decision {
  /** Null: undecided. `invalid`: a pair that should have measured it did not. */
  readonly verdict: 'regressed' | 'improved' | 'unchanged' | 'invalid' | null
  readonly look: Look
  readonly differences: readonly number[]
  /** By the pairs alone. */
  readonly effect: Effect | null
  /** By pairs and baseline together, where that is more precise: only clearing may rest on it. */
  readonly anchored: Effect | null
  readonly pValue: number | null
  /** Cells tested together. */
  readonly family: number
}

/** The effect that the verdict rests on. */
export function decidingEffect({ verdict, effect, anchored }: Decision): Effect | null {
  return verdict === 'unchanged' ? (anchored ?? effect) : effect
}

export interface ConfirmInput {
  /** The cells that pairs must decide. */
  readonly cells: readonly Cell[]
  readonly pairs: readonly Pair[]
  /** Variance of a pair's difference as the window knows it, by cell. */
  readonly priors: ReadonlyMap<string, Variance>
  /** What the window says of each single scenario relative to the others. */
  readonly anchors: ReadonlyMap<string, Anchor>
  readonly policy: LookPolicy
  readonly final: boolean
}

/** One cell at one look. */
interface Column {
  readonly cell: Cell
  readonly differences: readonly number[]
}

/**
 * Replays the looks over the pairs. A cell that a look decides leaves: later pairs need not measure it any more. So does
 * "all scenarios together", undecided, where a scenario is proven slower and pairs go on without it. What left stays in
 * the family of the test, or what remains would be the most suspicious of many and be tested as if it were few. The
 * result depends on the pairs alone, so a recording comes to the verdict that the live run came to.
 */
export function confirm({ cells, pairs, priors, anchors, policy, final }: ConfirmInput): Map<string, Decision> {
  const decisions = new Map<string, Decision>()
  let open = [...cells]
  let left: Column[] = []
  for (const look of looksAt(policy, pairs.length, final)) {
    const seen = pairs.slice(0, look.pairs)
    const ended = open.filter((cell) => isNotPursued(cell, seen, decisions))
    left = [...left, ...ended.map((cell) => ({ cell, differences: differencesOf(cell, seen) }))]
    open = open.filter((cell) => !ended.includes(cell))
    const judged = judgeLook(look, open, left, seen, { priors, anchors })
    for (const [key, decision] of judged) decisions.set(key, decision)
    const cleared = open.filter((cell) => judged.get(cell.key)?.verdict === 'unchanged')
    left = [...left, ...cleared.map((cell) => ({ cell, differences: judged.get(cell.key)?.differences ?? [] }))]
    open = open.filter((cell) => judged.get(cell.key)?.verdict === null)
  }
  return decisions
}

function judgeLook(
  look: Look,
  open: readonly Cell[],
  left: readonly Column[],
  pairs: readonly Pair[],
  { priors, anchors }: Pick<ConfirmInput, 'priors' | 'anchors'>,
): Map<string, Decision> {
  const decisions = new Map<string, Decision>()
  const columns: Column[] = []
  for (const cell of open) {
    const differences = differencesOf(cell, pairs)
    if (differences.length === pairs.length) columns.push({ cell, differences })
    else decisions.set(cell.key, unmeasured(look, differences))
  }
  const family = [...columns, ...left.map((column) => extend(column, look.pairs))]
  const p = testColumns(family, priors)
  for (const [index, column] of columns.entries()) {
    const { cell, differences } = column
    const effect = effectOf(differences, priorOf(cell, columns, priors, varianceOf))
    const anchor = anchors.get(cell.key)
    const anchored = anchor && effect ? ifBetter(anchoredEffect(anchor, pairs, differences, effect), effect) : null
    const tested = { slower: p.above[index] ?? 1, faster: p.below[index] ?? 1 }
    const verdict = effect && verdictOf(cell, look, { effect, anchored }, tested)
    const pValue = verdict === 'improved' ? tested.faster : tested.slower
    decisions.set(cell.key, { verdict, look, differences, effect, anchored, pValue, family: family.length })
  }
  return decisions
}

/** All scenarios together, after one of them is proven slower: later pairs need not measure all of them. */
function isNotPursued(cell: Cell, pairs: readonly Pair[], decisions: ReadonlyMap<string, Decision>): boolean {
  return provenWithin(cell, decisions).length > 0 && differencesOf(cell, pairs).length < pairs.length
}

function differencesOf({ metric, members }: Cell, pairs: readonly Pair[]): number[] {
  return present(pairDifferences(pairs, metric, members))
}

function ifBetter(anchored: Effect | null, plain: Effect): Effect | null {
  return anchored && anchored.standardError < plain.standardError ? anchored : null
}

/** A cell that left, as if the later pairs had shown what the earlier ones did. */
function extend({ cell, differences }: Column, pairs: number): Column {
  return {
    cell,
    differences: Array.from({ length: pairs }, (_, index) => differences[index % differences.length] ?? Number.NaN),
  }
}

/** Convicting needs the exact test and the margin; clearing needs the bound, and an estimate that is no slowdown itself. */
function verdictOf(
  cell: Cell,
  look: Look,
  { effect, anchored }: { readonly effect: Effect; readonly anchored: Effect | null },
  p: { readonly slower: number; readonly faster: number },
): 'regressed' | 'improved' | 'unchanged' | null {
  if (effect.estimate >= cell.marginLog && p.slower <= look.share && isSurelySlower(cell, effect)) return 'regressed'
  // Pairs that do not differ at all are no measurement of noise (one recording given twice): no bound can be computed.
  if (!(effect.standardError > 0)) return null
  const best = anchored ?? effect
  if (best.estimate >= cell.marginLog) return null
  const bound = upperBound(best, clearingOf(look, cell))
  if (effect.estimate <= -cell.marginLog) {
    if (p.faster <= look.share) return 'improved'
    // A look that cannot convict cannot acquit of being faster either: the next one tells.
    if (look.share === 0 && bound < 0) return null
  }
  return bound < cell.promisedLog ? 'unchanged' : null
}

/** An estimate that only noise lifted over the margin must not convict a change that is well within it. */
function isSurelySlower(cell: Cell, { estimate, standardError, degrees }: Effect): boolean {
  return estimate - studentQuantile(surely, degrees) * standardError > cell.marginLog / 2
}

/** Family-wise p values of slower and of faster. */
function testColumns(columns: readonly Column[], priors: ReadonlyMap<string, Variance>): FlipPValues {
  return signFlipMaxT(
    columns.map(({ cell, differences }) => ({ differences, prior: priorOf(cell, columns, priors, meanSquare) })),
  )
}

/** What the window knows; without it, what the other scenarios of this metric show in the same pairs. */
function priorOf(
  cell: Cell,
  columns: readonly Column[],
  windowPriors: ReadonlyMap<string, Variance>,
  measure: (differences: readonly number[]) => Variance,
): Variance {
  const known = windowPriors.get(cell.key)
  if (known && known.degrees > 0) return known
  if (cell.scenario === null) return unknownVariance
  const peers = columns.filter((column) => column.cell.metric === cell.metric && column.cell.scenario !== null)
  return fitPeers(peers.map(({ differences }) => measure(differences)))
}

/** A spread around zero: unlike the variance it does not change when signs flip, which keeps the test exact. */
function meanSquare(differences: readonly number[]): Variance {
  const squares = differences.reduce((total, value) => total + value * value, 0)
  return { value: squares / Math.max(1, differences.length), degrees: differences.length }
}

function unmeasured(look: Look, differences: readonly number[]): Decision {
  return { verdict: 'invalid', look, differences, effect: null, anchored: null, pValue: null, family: 0 }
}
