import type { GatePolicy } from '../model/policy.ts'
import type { Variance } from '../stats/moderated-variance.ts'
import { studentCdf } from '../stats/student-t.ts'
import { type Anchor, anchoredNoise } from './anchor.ts'
import type { Cell } from './cells.ts'
import { clearedBelow, clearingAt } from './hurdles.ts'
import { type Look, plannedLooks } from './looks.ts'
import { suspicionLevel, suspicionOfNoChange } from './screen.ts'
import { type CellNoise, pairPrior, predictiveError } from './window-noise.ts'

/** What the choice between a screen and pairs rests on. */
export interface DesignContext {
  readonly cells: readonly Cell[]
  /** By cell; empty where the baseline cannot be compared with. */
  readonly noises: ReadonlyMap<string, CellNoise>
  readonly anchors: ReadonlyMap<string, Anchor>
  readonly policy: GatePolicy
}

/** A screen that suspects more unchanged pull requests than this wastes its own GPU time. */
const mostSuspected = 0.2
/** More head trials than this are better spent as pairs. */
const mostScreenTrials = 6

/** The fewest head trials that rarely suspect an unchanged server; 0 when pairs at once are cheaper. */
export function chooseScreenTrials(context: DesignContext): number {
  const fewest = Math.max(1, context.policy.trials)
  for (let trials = fewest; trials <= Math.max(fewest, mostScreenTrials); trials++) {
    if (suspicionOfAny(context, trials) >= mostSuspected) continue
    const screened = expectedPasses(context, trials)
    const paired = expectedPasses(context, 0)
    return screened !== null && paired !== null && screened > paired ? 0 : trials
  }
  return 0
}

/** Probability that an unchanged server is suspected in any cell, as if cells were independent: at worst too high. */
export function suspicionOfAny({ cells, noises }: DesignContext, trials: number): number {
  return 1 - product(cells.map((cell) => 1 - suspicion(noises.get(cell.key), cell, trials)))
}

function suspicion(noise: CellNoise | undefined, cell: Cell, trials: number): number {
  const error = noise ? predictiveError(noise, trials) : null
  if (!error || suspicionLevel(cell, error) <= 0) return 1
  return suspicionOfNoChange(cell, error)
}

/** Mean cost of a change without effect: the screen, and the pairs of what it wrongly suspects. */
export function expectedPasses(context: DesignContext, screenTrials: number): number | null {
  const { cells, noises, anchors, policy } = context
  if (cells.some((cell) => (noises.get(cell.key)?.within.degrees ?? 0) === 0)) return null
  const looks = plannedLooks(policy)
  const names = [...new Set(cells.flatMap(({ members }) => members))]
  const all = cells.filter(({ scenario }) => scenario === null)
  const costs = names.map((name) => {
    const concerned = [...all, ...cells.filter(({ scenario }) => scenario === name)]
    const suspected =
      screenTrials === 0 ? 1 : 1 - product(concerned.map((c) => 1 - suspicion(noises.get(c.key), c, screenTrials)))
    let pairs = looks[0]?.pairs ?? 0
    for (const [index, look] of looks.slice(0, -1).entries()) {
      const open =
        1 -
        product(
          concerned.map((cell) =>
            clearedAt(cell, look, meanNoise(look, pairPrior(noises.get(cell.key)), anchors.get(cell.key))),
          ),
        )
      pairs += ((looks[index + 1]?.pairs ?? 0) - look.pairs) * open
    }
    return suspected * 2 * pairs
  })
  return screenTrials + costs.reduce((total, cost) => total + cost, 0) / names.length
}

/** Variance of the estimate that a look clears by: that of the pairs alone, or of pairs and window where it is smaller. */
function meanNoise(look: Look, ofPair: Variance, anchor: Anchor | undefined): Variance {
  const plain = { value: ofPair.value / look.pairs, degrees: ofPair.degrees }
  const anchored = anchor ? anchoredNoise(anchor, look.pairs) : plain
  return anchored.value < plain.value ? anchored : plain
}

/** Probability that a look calls a cell without any change unchanged. */
function clearedAt(cell: Cell, look: Look, variance: Variance): number {
  const error = Math.sqrt(variance.value)
  if (!(error > 0)) return 1
  const limit = clearedBelow(cell, clearingAt(cell, look, variance.degrees), error)
  return studentCdf(limit / error, variance.degrees)
}

function product(values: readonly number[]): number {
  return values.reduce((total, value) => total * value, 1)
}
