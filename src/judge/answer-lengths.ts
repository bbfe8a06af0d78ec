import { mean, sampleVariance } from 'simple-statistics'
import type { BaselineWindow } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { Scenario } from '../model/scenario.ts'
import { counts, type Finding, type TrialEvidence } from '../model/trial.ts'
import { hasFinding } from './pairs.ts'
import { type Measured, measuredOf } from './slowness.ts'
import { percent } from './wording.ts'

/** Code of the finding that the two sides answered at different lengths. */
export const answerLength = 'answer-length'
/** What lengths of answers may differ by in any case, as a fraction. */
const tolerance = 0.02
/** A difference counts only beyond so many standard errors: a model that draws lots says more or less each time. */
const surely = 2

/**
 * Where the model may end its answers early, the two sides may do other work. A difference up to half the margin of the
 * latency can neither make a verdict nor hide one; past it nothing is compared.
 */
export function lengthProblems(
  scenarios: readonly Scenario[],
  window: BaselineWindow | null,
  trials: readonly TrialEvidence[],
  { margins }: Pick<GatePolicy, 'margins'>,
): Finding[] {
  const allowed = Math.max(tolerance, margins.latencyTail / 2)
  return scenarios.flatMap(({ name, outputLength }) => {
    if (outputLength === 'exact') return []
    const sound = trials.filter((trial) => counts(trial) && !hasFinding(trial, [name]))
    const [base, head] = (['base', 'head'] as const).map((side) =>
      lengthsOf(
        sound.filter((trial) => trial.side === side),
        name,
      ),
    )
    // The newest job is what the default branch answers now.
    const known = base?.length ? base : lengthsOf(window?.jobs.at(-1)?.trials ?? [], name)
    return known.length > 0 && head?.length ? differing(name, known, head, allowed) : []
  })
}

/** Mean tokens of an answer in each trial that measured the scenario. */
function lengthsOf(trials: readonly Measured[], name: string): number[] {
  return trials.flatMap((trial) => {
    const { tokensPerSecond, requestRate } = measuredOf(trial, name)?.values ?? {}
    const length = (tokensPerSecond ?? Number.NaN) / (requestRate ?? Number.NaN)
    return Number.isFinite(length) ? [length] : []
  })
}

function differing(scenario: string, base: readonly number[], head: readonly number[], allowed: number): Finding[] {
  const [from, to] = [mean([...base]), mean([...head])]
  const error = Math.sqrt(varianceOfMean(base) + varianceOfMean(head))
  if (Math.abs(to - from) - surely * error <= allowed * from) return []
  const lengths = `${to.toFixed(1)} tokens on average, against ${from.toFixed(1)} of base`
  return [
    {
      code: answerLength,
      scenario,
      message: `The answers of "${scenario}" have another length: ${lengths} (${percent(to / from - 1)}; up to ${percent(allowed, 'unsigned')} is compared). The time of another answer says nothing of a slower server.`,
      hint: 'Find out why the model answers otherwise. If it is meant to, merge: from then on the new answers are the baseline. Or force the length (output-length: exact), where the API can.',
    },
  ]
}

/** One trial alone shows no spread. */
function varianceOfMean(values: readonly number[]): number {
  return values.length < 2 ? 0 : sampleVariance([...values]) / values.length
}
