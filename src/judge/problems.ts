import { isGated, isPossible, type Metric, metrics, type ScenarioMetrics } from '../metrics/index.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Finding, TrialEvidence } from '../model/trial.ts'
import { lengthProblems } from './answer-lengths.ts'
import { isScreenTrial, pairNumbers } from './pairs.ts'
import { measuredOf } from './slowness.ts'

/** Everything that forbids a verdict: what the trials report themselves, and what does not fit together. */
export function findProblems(
  scenarios: readonly Scenario[],
  window: BaselineWindow | null,
  trials: readonly TrialEvidence[],
  policy: GatePolicy,
): Finding[] {
  const names = scenarios.map(({ name }) => name)
  return [
    // First: it forbids more than the others do.
    ...lengthProblems(scenarios, window, trials, policy),
    ...trials.flatMap((trial) => trial.findings),
    ...matrixProblems(names, window),
    ...trials.flatMap((trial) => trialProblems(trial, names)),
    ...percentileProblems(trials, names),
    ...pairProblems(trials),
    ...(window ? windowProblems(window, names) : []),
  ]
}

/** The problems that concern any of these scenarios. One of an unknown scenario concerns all: it must not get lost. */
export function problemOf(problems: readonly Finding[], members: readonly string[], all: readonly string[]) {
  return problems.find(({ scenario }) => scenario === null || members.includes(scenario) || !all.includes(scenario))
}

function matrixProblems(names: readonly string[], window: BaselineWindow | null): Finding[] {
  const problems: Finding[] = []
  if (names.length === 0) {
    problems.push(problem('no-scenarios', null, 'There is no scenario to judge.', 'Give at least one scenario.'))
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    problems.push(problem('duplicate-scenario', null, `Scenario "${twice}" is there twice.`, 'Give each its own name.'))
  }
  if (window && window.scenarios.length > 0 && !window.scenarios.some(({ name }) => names.includes(name))) {
    const known = window.scenarios.map(({ name }) => `"${name}"`).join(', ')
    const message = `The baseline and this run have no scenario in common: the baseline has ${known}.`
    problems.push(problem('no-common-scenario', null, message, restoreHint))
  }
  return problems
}

const restoreHint =
  'Keep the scenarios of the default branch in this pull request; change the matrix in a pull request of its own.'
const againHint = 'Look at the recording of this trial, then measure again.'

function trialProblems(trial: TrialEvidence, names: readonly string[]): Finding[] {
  const problems: Finding[] = []
  for (const name of names) {
    const measured = measuredOf(trial, name)
    const broken = measured && brokenMetric(measured)
    if (broken) problems.push(problem('not-a-number', name, `Trial ${trial.id} of "${name}": ${broken}.`, againHint))
    const excused = trial.findings.some(({ scenario }) => scenario === null || scenario === name)
    if (!measured && !excused && isScreenTrial(trial)) {
      const message = `Trial ${trial.id} has no measurement of "${name}", and does not say why.`
      problems.push(problem('not-measured', name, message, againHint))
    }
  }
  return problems
}

/** The first value that no measurement can have; a gated metric must exist. */
function brokenMetric({ values, successRate }: ScenarioMetrics): string | null {
  for (const name of Object.keys(metrics) as Metric[]) {
    const value = values[name] ?? null
    if (value === null ? isGated(name) : !isPossible(name, value)) {
      return `${name} is ${value}; a positive, finite number is needed`
    }
  }
  return successRate > 0 && successRate <= 1 ? null : `the success rate is ${successRate}; above 0 up to 1 is possible`
}

function percentileProblems(trials: readonly TrialEvidence[], names: readonly string[]): Finding[] {
  return names.flatMap((name) => {
    const seen = new Set(trials.flatMap((trial) => measuredOf(trial, name)?.percentile ?? []))
    if (seen.size < 2) return []
    const message = `Trials of "${name}" hold different percentiles (${[...seen].join(', ')}), which cannot be compared.`
    return [problem('mixed-percentiles', name, message, 'Measure all trials with the same number of requests.')]
  })
}

function pairProblems(trials: readonly TrialEvidence[]): Finding[] {
  const numbers = pairNumbers(trials)
  const hint = 'The recording is damaged or was put together from several runs. Measure again.'
  return numbers.flatMap((number, index) => {
    const both = trials.filter((trial) => trial.pair === number)
    const twice = both.length > new Set(both.map(({ side }) => side)).size
    if (twice) return [problem('damaged-pairs', null, `Pair ${number} holds one side twice.`, hint)]
    if (number !== index) return [problem('damaged-pairs', null, `Pair ${index} is missing.`, hint)]
    if (both.length === 1 && index < numbers.length - 1 && both[0]?.findings.length === 0) {
      return [problem('damaged-pairs', null, `Pair ${number} holds one trial, later pairs exist.`, hint)]
    }
    return []
  })
}

function windowProblems(window: BaselineWindow, names: readonly string[]): Finding[] {
  const hint = 'Repair or delete the baseline file on the default branch, then calibrate anew.'
  for (const job of window.jobs) {
    for (const trial of job.trials) {
      for (const name of names) {
        const measured = measuredOf(trial, name)
        const broken = measured && brokenMetric(measured)
        const message = `The baseline's trial ${trial.id} of ${job.commit} is broken for "${name}": ${broken}.`
        if (broken) return [problem('broken-baseline', null, message, hint)]
      }
    }
  }
  return []
}

function problem(code: string, scenario: string | null, message: string, hint: string): Finding {
  return { code, scenario, message, hint }
}
