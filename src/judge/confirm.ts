import { fitPeers, unknownVariance, type Variance, varianceOf } from '../stats/moderated-variance.ts'
import { signFlipMaxT } from '../stats/sign-flip.ts'
import type { Cell } from './cells.ts'
import { type Effect, effectOf, upperBound } from './effect.ts'
import { type Look, looksAt } from './looks.ts'
import { type Pair, pairDifferences, present } from './pairs.ts'

/** What the pairs say of one cell: at the look that decided it, or at the last look so far. */
export interface Decision {
  /** Null: undecided. `invalid`: a pair that should have measured it did not. */
  readonly verdict: 'regressed' | 'improved' | 'unchanged' | 'invalid' | null
  readonly look: Look
  readonly differences: readonly number[]
  readonly effect: Effect | null
  readonly pValue: number | null
  /** Cells tested together. */
  readonly family: number
}

export interface ConfirmInput {
  /** The cells that pairs must decide. */
  readonly cells: readonly Cell[]
  readonly pairs: readonly Pair[]
  /** Variance of a pair's difference as the window knows it, by cell. */
  readonly priors: ReadonlyMap<string, Variance>
  readonly maxPairs: number
  readonly final: boolean
}

/** One cell at one look. */
interface Column {
  readonly cell: Cell
  readonly differences: readonly number[]
}

/**
 * Replays the looks over the pairs. A cell that a look decides leaves: later pairs need not measure it any more. It stays
 * in the family of the test, or what remains would be the most suspicious of many and be tested as if it were few. The
 * result depends on the pairs alone, so a recording comes to the verdict that the live run came to.
 */
export function confirm({ cells, pairs, priors, maxPairs, final }: ConfirmInput): Map<string, Decision> {
  const decisions = new Map<string, Decision>()
  let open = [...cells]
  let left: Column[] = []
  for (const look of looksAt(maxPairs, pairs.length, final)) {
    const judged = judgeLook(look, open, left, pairs.slice(0, look.pairs), priors)
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
  windowPriors: ReadonlyMap<string, Variance>,
): Map<string, Decision> {
  const decisions = new Map<string, Decision>()
  const columns: Column[] = []
  for (const cell of open) {
    const differences = present(pairDifferences(pairs, cell.metric, cell.members))
    if (differences.length === pairs.length) columns.push({ cell, differences })
    else decisions.set(cell.key, unmeasured(look, differences))
  }
  const family = [...columns, ...left.map((column) => extend(column, look.pairs))]
  const slower = testColumns(family, windowPriors, 1)
  const faster = testColumns(family, windowPriors, -1)
  for (const [index, column] of columns.entries()) {
    const prior = priorOf(column.cell, columns, windowPriors, varianceOf)
    const effect = effectOf(column.differences, prior)
    const p = { slower: slower[index] ?? 1, faster: faster[index] ?? 1 }
    const verdict = effect && verdictOf(column.cell, look, effect, p)
    const pValue = verdict === 'improved' ? p.faster : p.slower
    const { differences } = column
    decisions.set(column.cell.key, { verdict, look, differences, effect, pValue, family: family.length })
  }
  return decisions
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
  effect: Effect,
  p: { readonly slower: number; readonly faster: number },
): 'regressed' | 'improved' | 'unchanged' | null {
  if (effect.estimate >= cell.marginLog) return p.slower <= look.share ? 'regressed' : null
  // Pairs that do not differ at all are no measurement of noise (one recording given twice): no bound can be computed.
  if (!(effect.standardError > 0)) return null
  const bound = upperBound(effect, look.clearing)
  if (effect.estimate <= -cell.marginLog) {
    if (p.faster <= look.share) return 'improved'
    // A look that cannot convict cannot acquit of being faster either: the next one tells.
    if (look.share === 0 && bound < 0) return null
  }
  return bound < cell.promisedLog ? 'unchanged' : null
}

/** Family-wise p values in one direction. */
function testColumns(columns: readonly Column[], priors: ReadonlyMap<string, Variance>, direction: 1 | -1): number[] {
  return signFlipMaxT(
    columns.map(({ cell, differences }) => ({
      differences: differences.map((difference) => direction * difference),
      prior: priorOf(cell, columns, priors, meanSquare),
    })),
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
  return { verdict: 'invalid', look, differences, effect: null, pValue: null, family: 0 }
}
