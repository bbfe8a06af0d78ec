import type { TrialEvidence } from '../model/trial.ts'
import { unknownVariance, type Variance } from '../stats/moderated-variance.ts'
import { studentCdf } from '../stats/student-t.ts'
import type { Cell } from './cells.ts'
import { effectOf } from './effect.ts'
import { type Pair, present } from './pairs.ts'
import { slowness, toChange } from './slowness.ts'
import { nameOf, percent } from './wording.ts'

/** Fewer pairs hold fewer than two comparisons. */
const fewestPairs = 4
/** Probability that a machine at rest fails its control: each such failure hides a slowdown that was proven. */
const controlError = 0.0025

export interface NullControl {
  readonly passed: boolean
  readonly text: string
}

/**
 * Base trials of this job against the base trial before them: nothing changed between them, so a difference past the
 * margin that is more than chance means that the machine itself moved, and no slowdown found beside it can be believed.
 * Differences do not overlap, and the error is shared among the cells.
 *
 * @returns null below four pairs, or where no cell has that many
 */
export function controlNull(
  cells: readonly Cell[],
  pairs: readonly Pair[],
  priors: ReadonlyMap<string, Variance>,
): NullControl | null {
  const controls = cells.flatMap((cell) => {
    const differences = consecutiveDifferences(
      pairs.map(({ base }) => base),
      cell,
    )
    const effect = effectOf(differences, priors.get(cell.key) ?? unknownVariance)
    return differences.length * 2 >= fewestPairs && effect ? [{ cell, effect, differences }] : []
  })
  const [largest] = controls.toSorted((a, b) => ratioToMargin(b) - ratioToMargin(a))
  if (!largest) return null
  const moved = controls.find(({ cell, effect }) => {
    const t = effect.standardError > 0 ? Math.abs(effect.estimate) / effect.standardError : Number.POSITIVE_INFINITY
    const p = 2 * (1 - studentCdf(t, effect.degrees))
    return Math.abs(effect.estimate) >= cell.marginLog && p * controls.length <= controlError
  })
  return { passed: !moved, text: describe(moved ?? largest, !moved) }
}

function describe({ cell, effect, differences }: Control, passed: boolean): string {
  const change = percent(toChange(cell.metric, effect.estimate, 0).estimate)
  const seen = `Base against base, ${differences.length} comparisons: ${nameOf(cell)}`
  return passed
    ? `${seen} differed most, by ${change}: within the margin, or within chance.`
    : `${seen} differed by ${change}, past the margin of ${percent(cell.margin, 'unsigned')}, although nothing changed between them: this machine did not hold still.`
}

interface Control {
  readonly cell: Cell
  readonly effect: { readonly estimate: number }
  readonly differences: readonly number[]
}

function ratioToMargin({ cell, effect }: Control): number {
  return Math.abs(effect.estimate) / cell.marginLog
}

/** The second minus the first, the fourth minus the third, and so on. */
function consecutiveDifferences(trials: readonly TrialEvidence[], cell: Cell): number[] {
  const values = present(trials.map((trial) => slowness(trial, cell.metric, cell.members)))
  const differences: number[] = []
  for (let index = 0; index + 1 < values.length; index += 2) {
    differences.push((values[index + 1] ?? Number.NaN) - (values[index] ?? Number.NaN))
  }
  return differences
}
