import type { AcceptedSlowdown } from '../model/accepted.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { Scenario } from '../model/scenario.ts'
import type { TrialEvidence } from '../model/trial.ts'
import type { CellVerdict } from '../model/verdict.ts'
import type { Variance } from '../stats/moderated-variance.ts'
import { type Anchor, anchorScatter } from './anchor.ts'
import type { Cell } from './cells.ts'
import type { Decision } from './confirm.ts'
import { detectable } from './detectable.ts'
import type { PairNoise } from './hurdles.ts'
import { type Look, looksAt, plannedLooks } from './looks.ts'
import type { NullControl } from './null-control.ts'
import { overtakenBy } from './overtaken.ts'
import type { Pair } from './pairs.ts'
import { minutesOfTrial } from './pass-minutes.ts'
import type { Screened } from './screen.ts'
import { toFractionSlower } from './slowness.ts'
import { type Undecided, whatWouldDecide } from './to-decide.ts'

/** What is known when the run is over. Cells stand in the order of their rows. */
export interface EndedRun {
  readonly input: {
    readonly policy: GatePolicy
    readonly scenarios: readonly Scenario[]
    readonly trials: readonly TrialEvidence[]
    readonly accepted?: readonly AcceptedSlowdown[]
  }
  readonly cells: readonly Cell[]
  /** Variance of a pair's difference as the window knows it, by cell. */
  readonly priors: ReadonlyMap<string, Variance>
  readonly anchors: ReadonlyMap<string, Anchor>
  readonly screened: ReadonlyMap<string, Screened>
  readonly suspects: readonly Cell[] | null
  readonly decisions: ReadonlyMap<string, Decision>
  readonly nullControl: NullControl | null
  readonly run: { readonly pairs: readonly Pair[] }
}

/**
 * The rows with what the run could have seen of each cell and, where it is undecided, what would decide it.
 *
 * @param isCutShort the time budget ended before the looks did: then the run could see no more than its pairs show
 */
export function withOutlooks(rows: readonly CellVerdict[], ended: EndedRun, isCutShort: boolean): CellVerdict[] {
  const { policy } = ended.input
  const looks = isCutShort ? looksAt(policy, ended.run.pairs.length, true) : plannedLooks(policy)
  return rows.map((row, index) => {
    const cell = ended.cells[index]
    return cell && row.change !== null ? { ...row, ...outlookOf(row, cell, ended, looks) } : row
  })
}

function outlookOf(
  row: CellVerdict,
  cell: Cell,
  ended: EndedRun,
  looks: readonly Look[],
): Pick<CellVerdict, 'mde' | 'wouldDecide'> {
  const noise = pairNoise(cell, ended)
  if (!noise) return { mde: null, wouldDecide: null }
  const anchor = ended.anchors.get(cell.key)
  const screen = ended.screened.get(cell.key) ?? null
  const slow = detectable(cell, looks, { ...noise, anchor: anchor ? anchorScatter(anchor) : null, screen })
  const isOvertaken = overtakenBy(cell, ended).length > 0
  const isOpen = row.verdict === 'inconclusive' && !ended.decisions.get(cell.key)?.verdict && !isOvertaken
  return {
    mde: slow === null ? null : toFractionSlower(cell.metric, slow),
    wouldDecide: isOpen ? whatWouldDecide(undecided(cell, noise, ended)) : null,
  }
}

/** By the run's own pairs where there are any, else as the window foresees it; null: nothing is known. */
function pairNoise(cell: Cell, { decisions, priors, suspects }: EndedRun): PairNoise | null {
  const decision = decisions.get(cell.key)
  if (decision?.effect) {
    const { effect, differences, family } = decision
    const priorDegrees = Math.max(0, effect.degrees - (differences.length - 1))
    return { pairDeviation: effect.standardError * Math.sqrt(differences.length), priorDegrees, family }
  }
  const prior = priors.get(cell.key)
  if (!prior || prior.degrees === 0) return null
  const beside = (suspects ?? []).filter(({ key }) => key !== cell.key).length
  return { pairDeviation: Math.sqrt(prior.value), priorDegrees: prior.degrees, family: 1 + beside }
}

function undecided(cell: Cell, noise: PairNoise, { decisions, screened, input, run }: EndedRun): Undecided {
  const decision = decisions.get(cell.key)
  const scenarios = input.scenarios.filter(({ name }) => cell.members.includes(name))
  const minutes = minutesOfTrial(input.trials, scenarios)
  return {
    cell,
    noise,
    estimate: decision?.effect?.estimate ?? screened.get(cell.key)?.estimate ?? 0,
    pairs: decision?.differences.length ?? run.pairs.length,
    policy: input.policy,
    minutesPerPair: minutes === null ? null : 2 * minutes,
    requests: cell.scenario === null ? null : (scenarios[0]?.requests ?? null),
  }
}
