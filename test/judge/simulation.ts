import { decide } from '../../src/judge/index.ts'
import type { ScenarioMetrics } from '../../src/metrics/index.ts'
import type { BaselineJob, BaselineWindow } from '../../src/model/baseline.ts'
import { defaultPolicy, type GatePolicy } from '../../src/model/policy.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import type { Side, Stage, TrialEvidence } from '../../src/model/trial.ts'
import type { JudgeReport } from '../../src/model/verdict.ts'
import { type Random, seededRandom } from '../../src/stats/random.ts'

/** A machine's noise; standard deviations of the logarithm. */
export interface Environment {
  /** Of all scenarios of a trial. */
  readonly trial: number
  /** Of one scenario in a trial, both metrics. */
  readonly scenario: number
  /** Of the estimate of the tail: right-skewed, Gumbel. */
  readonly tail: number
  readonly tokens: number
  /** Of all trials of a job. */
  readonly job: number
  /** Step from one trial to the next. */
  readonly walk: number
}

export const environments = {
  quiet: { trial: 0.004, scenario: 0.004, tail: 0.03, tokens: 0.005, job: 0.01, walk: 0.002 },
  noisy: { trial: 0.01, scenario: 0.01, tail: 0.08, tokens: 0.012, job: 0.05, walk: 0.005 },
  drifting: { trial: 0.01, scenario: 0.01, tail: 0.08, tokens: 0.012, job: 0.15, walk: 0.02 },
  steady: { trial: 0.01, scenario: 0.01, tail: 0.08, tokens: 0.012, job: 0.005, walk: 0.003 },
} as const satisfies Record<string, Environment>

/** How much slower head really is: factors on the tail and on the rate of these scenarios. */
export interface Change {
  readonly tail: number
  readonly rate: number
  /** Number of scenarios that change, from the first on. */
  readonly scenarios: number
}

export const noChange: Change = { tail: 1, rate: 1, scenarios: 0 }

export const matrix: readonly Scenario[] = Array.from({ length: 8 }, (_, index) => ({
  name: `p128-o64-c${index + 1}`,
  promptTokens: 128,
  outputTokens: 64,
  concurrency: index + 1,
  requests: 300,
  streaming: true,
}))

export interface SimulatedRun {
  readonly report: JudgeReport
  /** Trials of the whole matrix. */
  readonly passes: number
}

/** One pull request on one machine with its own window, judged step by step as a live run does. */
export class Simulation {
  readonly #random: Random
  readonly #environment: Environment
  #walk = 0
  #job = 0

  constructor(environment: Environment, seed: number) {
    this.#environment = environment
    this.#random = seededRandom(seed)
  }

  pullRequest(change: Change, policy: GatePolicy = defaultPolicy, pushTrials = policy.trials): SimulatedRun {
    const window = this.#window(policy, pushTrials)
    this.#startJob()
    const trials: TrialEvidence[] = []
    const seed = Math.floor(this.#random() * 2 ** 31)
    let passes = 0
    for (;;) {
      const input = { scenarios: matrix, window, trials, policy, seed, notes: [] }
      const { next } = decide({ ...input, final: false })
      if (next.kind === 'done') return { report: decide({ ...input, final: true }).report, passes }
      if (next.kind === 'screen') {
        for (let n = 0; n < next.trials; n++)
          trials.push(this.#trial('head', 'screen', null, matrix, change, trials.length))
        passes += next.trials
      } else {
        const scenarios = matrix.filter(({ name }) => next.scenarios.includes(name))
        for (let n = 0; n < next.pairs; n++) this.#pair(trials, scenarios, change)
        passes += (2 * next.pairs * scenarios.length) / matrix.length
      }
    }
  }

  #pair(trials: TrialEvidence[], scenarios: readonly Scenario[], change: Change): void {
    const pair = new Set(trials.flatMap((trial) => trial.pair ?? [])).size
    const sides: Side[] = this.#random() < 0.5 ? ['base', 'head'] : ['head', 'base']
    for (const side of sides) trials.push(this.#trial(side, 'pairs', pair, scenarios, change, trials.length))
  }

  /** Eight jobs of the default branch, the first of them a calibration. */
  #window(policy: GatePolicy, pushTrials: number): BaselineWindow {
    const jobs: BaselineJob[] = Array.from({ length: 8 }, (_, index) => {
      this.#startJob()
      const count = index === 0 ? policy.calibrationTrials : pushTrials
      return {
        commit: `c${index}`,
        at: '2026-01-01T00:00:00Z',
        kind: index === 0 ? 'calibration' : 'push',
        runUrl: null,
        trials: Array.from({ length: count }, (_, n) => ({
          id: `b${n}`,
          startedAt: '2026-01-01T00:00:00Z',
          startupMs: 1000,
          scenarios: this.#measure(matrix, noChange),
        })),
      }
    })
    const runnerClass = { id: 'simulated', os: 'linux', arch: 'x64', cpu: 'none', cores: 2, memoryGiB: 8, gpu: null }
    return { runnerClass, scenarios: matrix, jobs }
  }

  #startJob(): void {
    this.#job = this.#environment.job * this.#normal()
    this.#walk = 0
  }

  #trial(
    side: Side,
    stage: Stage,
    pair: number | null,
    scenarios: readonly Scenario[],
    change: Change,
    order: number,
  ): TrialEvidence {
    const measured = this.#measure(scenarios, side === 'head' ? change : noChange)
    return { id: `${side}${order}`, side, stage, pair, order, startupMs: 1000, scenarios: measured, findings: [] }
  }

  #measure(scenarios: readonly Scenario[], change: Change): Record<string, ScenarioMetrics> {
    const { trial, scenario, tail, tokens, walk } = this.#environment
    this.#walk += walk * this.#normal()
    const common = this.#job + this.#walk + trial * this.#normal()
    return Object.fromEntries(
      scenarios.map(({ name, requests }) => {
        const index = matrix.findIndex((candidate) => candidate.name === name)
        const slow = common + scenario * this.#normal()
        const factors = index < change.scenarios ? change : noChange
        const latency = 1000 * (index + 1) * factors.tail * Math.exp(slow + tail * this.#gumbel())
        const rate = (50 / (index + 1)) * factors.rate * Math.exp(-slow + tokens * this.#normal())
        return [name, metricsOf(latency, rate, requests)]
      }),
    )
  }

  #normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.#random())) * Math.cos(2 * Math.PI * this.#random())
  }

  /** Mean 0, standard deviation 1, long to the right. */
  #gumbel(): number {
    const eulerGamma = 0.5772156649015329
    return ((-Math.log(-Math.log(1 - this.#random())) - eulerGamma) * Math.sqrt(6)) / Math.PI
  }
}

function metricsOf(latencyTail: number, tokensPerSecond: number, requests: number): ScenarioMetrics {
  return {
    values: {
      latencyTail,
      tokensPerSecond,
      latencyMedian: latencyTail / 2,
      latencyMean: latencyTail / 2,
      ttftTail: latencyTail / 10,
      ttftMedian: latencyTail / 20,
      tpotMean: latencyTail / 140,
      requestRate: tokensPerSecond / 64,
    },
    percentile: 99,
    requests,
    successRate: 1,
  }
}
