import { wilson } from '../gate/tally.ts'
import type { JobResult } from './job.ts'

/** What many real jobs of one kind came to; counts. */
export interface AaResult {
  readonly engine: string
  readonly case: string
  readonly jobs: number
  readonly neighbours: number
  readonly fail: number
  readonly inconclusive: number
  readonly invalid: number
  readonly pass: number
  /** The true rate of FAIL, 95 times in 100; fractions. */
  readonly failBounds: readonly [number, number]
  /** FAIL, and the slower scenario and no other named. */
  readonly scenarioNamed: number
  readonly phaseNamed: number
  readonly partNamed: number
  readonly passesMean: number
  readonly secondsMean: number
}

export function tallyJobs(engine: string, name: string, results: readonly JobResult[]): AaResult {
  const count = (isOne: (result: JobResult) => boolean | null) => results.filter((result) => isOne(result)).length
  const mean = (value: (result: JobResult) => number) =>
    results.reduce((total, result) => total + value(result), 0) / results.length
  const fail = count(({ conclusion }) => conclusion === 'regressed')
  return {
    engine,
    case: name,
    jobs: results.length,
    neighbours: count(({ neighbour }) => neighbour),
    fail,
    inconclusive: count(({ conclusion }) => conclusion === 'inconclusive'),
    pass: count(({ conclusion, exitCode }) => conclusion === 'pass' && exitCode === 0),
    // Whatever ended in another way never came to a verdict.
    invalid: count(({ conclusion }) => !['regressed', 'inconclusive', 'pass'].includes(conclusion)),
    failBounds: wilson(fail / results.length, results.length),
    scenarioNamed: count(({ scenarioNamed }) => scenarioNamed),
    phaseNamed: count(({ scenarioNamed, phaseNamed }) => scenarioNamed && phaseNamed),
    partNamed: count(({ scenarioNamed, partNamed }) => scenarioNamed && partNamed),
    passesMean: mean(({ passes }) => passes),
    secondsMean: mean(({ seconds }) => seconds),
  }
}
