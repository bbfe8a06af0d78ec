import type { Conclusion, JudgeReport } from '../../src/model/verdict.ts'
import { nearestRank } from '../../src/stats/nearest-rank.ts'

/** What is counted of a judged pull request. */
export interface JudgedRun {
  readonly report: Pick<JudgeReport, 'conclusion' | 'pairs'>
  /** Trials of the whole matrix. */
  readonly passes: number
}

/** Rates are fractions of all pull requests; `bounds` hold the true rate of FAIL 95 times in 100. */
export interface CaseResult {
  readonly environment: string
  readonly case: string
  readonly prs: number
  readonly fail: number
  readonly inconclusive: number
  readonly pass: number
  readonly invalid: number
  readonly failBounds: readonly [number, number]
  readonly passesMean: number
  readonly passesP90: number
  readonly pairsMean: number
}

export function tally(environment: string, name: string, runs: readonly JudgedRun[]): CaseResult {
  const prs = runs.length
  const rate = (conclusion: Conclusion) => runs.filter(({ report }) => report.conclusion === conclusion).length / prs
  const passes = runs.map((run) => run.passes)
  const fail = rate('regressed')
  return {
    environment,
    case: name,
    prs,
    fail,
    inconclusive: rate('inconclusive'),
    pass: rate('pass'),
    invalid: rate('invalid'),
    failBounds: wilson(fail, prs),
    passesMean: average(passes),
    passesP90: nearestRank(passes, 0.9) ?? Number.NaN,
    pairsMean: average(runs.map(({ report }) => report.pairs)),
  }
}

/**
 * Two-sided 95 % interval of a rate.
 * @see Wilson (1927), "Probable inference, the law of succession, and statistical inference"
 */
export function wilson(rate: number, n: number): readonly [number, number] {
  const z = 1.959964
  const center = (rate + z ** 2 / (2 * n)) / (1 + z ** 2 / n)
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((rate * (1 - rate)) / n + z ** 2 / (4 * n ** 2))
  return [Math.max(0, center - half), Math.min(1, center + half)]
}

function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length
}
