import { mean, sampleStandardDeviation, sampleVariance } from 'simple-statistics'
import { seededRandom } from '../../src/stats/random.ts'
import { studentCdf, studentQuantile } from '../../src/stats/student-t.ts'
import type { Change } from './cases.ts'
import { noChange } from './cases.ts'
import type { Environment } from './environments.ts'
import { Simulation } from './simulation.ts'

export type RivalVerdict = 'pass' | 'fail' | 'inconclusive'

/** Slowness (logarithm, more is slower) of every cell of one trial: tail latencies, then token rates. */
type Values = readonly number[]

/** Another tool's published rule, applied to trials of the same simulated machines. */
export interface Rival {
  readonly name: string
  /** Trials of the whole matrix that one verdict costs on the pull request. */
  readonly passes: number
  judge(machine: Simulation, change: Change, seed: number): RivalVerdict
}

/** A block of trials in one job, as all of these tools measure: first all of base, then all of head. */
function blocks(machine: Simulation, change: Change, size: number): { base: Values[]; head: Values[] } {
  machine.startJob()
  const take = (which: Change) => Array.from({ length: size }, () => machine.slownesses(which))
  return { base: take(noChange), head: take(change) }
}

/** Trials of earlier jobs, one from each. */
function history(machine: Simulation, jobs: number): Values[] {
  return Array.from({ length: jobs }, () => {
    machine.startJob()
    return machine.slownesses(noChange)
  })
}

function today(machine: Simulation, change: Change): Values {
  machine.startJob()
  return machine.slownesses(change)
}

function column(trials: readonly Values[], cell: number): number[] {
  return trials.map((values) => values[cell] ?? Number.NaN)
}

/** Fails when any cell does; inconclusive when any is and none fails. */
function worst(cells: number, judgeCell: (cell: number) => RivalVerdict): RivalVerdict {
  const verdicts = Array.from({ length: cells }, (_, cell) => judgeCell(cell))
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.includes('inconclusive') ? 'inconclusive' : 'pass'
}

/** One value against the previous one: alert above 120 %. github-action-benchmark, `alert-threshold`. */
const ratio: Rival = {
  name: 'github-action-benchmark, 120 %',
  passes: 1,
  judge(machine, change) {
    const [before = []] = history(machine, 1)
    const now = today(machine, change)
    return worst(now.length, (cell) => ((now[cell] ?? 0) - (before[cell] ?? 0) > Math.log(1.2) ? 'fail' : 'pass'))
  },
}

const bencherRuns = 30

/** One value against the history's t distribution at 0.99, one-sided. Bencher, `t_test` thresholds. */
const bencher: Rival = {
  name: `Bencher, t test 0.99, ${bencherRuns} runs of history`,
  passes: 1,
  judge(machine, change) {
    const before = history(machine, bencherRuns)
    const now = today(machine, change)
    return worst(now.length, (cell) => {
      const past = column(before, cell)
      const t = ((now[cell] ?? 0) - mean(past)) / sampleStandardDeviation(past)
      return studentCdf(t, bencherRuns - 1) > 0.99 ? 'fail' : 'pass'
    })
  },
}

/** Mann-Whitney U test of 10 against 10 at 0.05, two-sided, by its normal approximation. benchstat's default. */
const benchstat: Rival = {
  name: 'benchstat, 10 + 10, p < 0.05',
  passes: 20,
  judge(machine, change) {
    const { base, head } = blocks(machine, change, 10)
    return worst(base[0]?.length ?? 0, (cell) => {
      const [a, b] = [column(base, cell), column(head, cell)]
      const u = b.reduce((total, value) => total + a.filter((other) => other < value).length, 0)
      const z = (u - 50) / Math.sqrt((10 * 10 * 21) / 12)
      return z > 1.96 ? 'fail' : 'pass'
    })
  },
}

/** Welch interval of the log ratio at 90 % against a threshold of 10 %. inference-doctor's defaults, here with 6 runs. */
const doctor: Rival = {
  name: 'inference-doctor, 6 + 6, 10 %',
  passes: 12,
  judge(machine, change) {
    const { base, head } = blocks(machine, change, 6)
    const threshold = Math.log(1.1)
    return worst(base[0]?.length ?? 0, (cell) => {
      const [a, b] = [column(base, cell), column(head, cell)]
      const [va, vb] = [sampleVariance(a) / 6, sampleVariance(b) / 6]
      const degrees = (va + vb) ** 2 / (va ** 2 / 5 + vb ** 2 / 5)
      const half = studentQuantile(0.95, degrees) * Math.sqrt(va + vb)
      const estimate = mean(b) - mean(a)
      if (estimate - half > threshold) return 'fail'
      return estimate + half < threshold ? 'pass' : 'inconclusive'
    })
  },
}

const resamples = 1000

/**
 * Bootstrap interval at 95 %, Bonferroni over the cells, against 5 %, with 5 runs a side; inconclusive fails too.
 * benchmatrix with `--fail-on-regression`; a percentile interval here, where the tool corrects for bias besides.
 */
const benchmatrix: Rival = {
  name: 'benchmatrix, 5 + 5, 5 %',
  passes: 10,
  judge(machine, change, seed) {
    const { base, head } = blocks(machine, change, 5)
    const cells = base[0]?.length ?? 0
    const random = seededRandom(seed)
    const resampled = (values: readonly number[]) =>
      mean(values.map(() => values[Math.floor(random() * values.length)] ?? Number.NaN))
    const verdict = worst(cells, (cell) => {
      const [a, b] = [column(base, cell), column(head, cell)]
      const ratios = Array.from({ length: resamples }, () => resampled(b) - resampled(a)).toSorted((x, y) => x - y)
      const tail = 0.05 / cells / 2
      const [low, high] = [ratios[Math.floor(tail * resamples)], ratios[Math.ceil((1 - tail) * resamples) - 1]]
      if ((low ?? 0) > Math.log(1.05)) return 'fail'
      return (high ?? 0) < Math.log(1.05) ? 'pass' : 'inconclusive'
    })
    return verdict
  },
}

export const rivals: readonly Rival[] = [ratio, bencher, benchstat, doctor, benchmatrix]

/** What one rule came to on one machine; rates are fractions of all pull requests. */
export interface RivalResult extends Readonly<Record<RivalVerdict, number>> {
  readonly environment: string
  readonly case: string
  readonly rival: string
  readonly prs: number
  readonly passes: number
}

/** Rates of one rival on one machine, as fractions. */
export function tallyRival(rival: Rival, environment: Environment, change: Change, prs: number, seed: number) {
  const counts: Record<RivalVerdict, number> = { pass: 0, fail: 0, inconclusive: 0 }
  for (let run = 0; run < prs; run++) {
    const machine = new Simulation(environment, seed + run)
    counts[rival.judge(machine, change, seed + run)] += 1 / prs
  }
  return counts
}
