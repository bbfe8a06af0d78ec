import { cellsOf, decide, markShifts } from '../../src/judge/index.ts'
import { type ScenarioMetrics, type ShownMetric, shownMetrics } from '../../src/metrics/index.ts'
import { type BaselineJob, type BaselineWindow, windowJobs } from '../../src/model/baseline.ts'
import { defaultPolicy, type GatePolicy } from '../../src/model/policy.ts'
import type { RunnerClass } from '../../src/model/runner-class.ts'
import { plainLoad, type Scenario } from '../../src/model/scenario.ts'
import type { Side, Stage, TrialEvidence } from '../../src/model/trial.ts'
import type { JudgeReport } from '../../src/model/verdict.ts'
import { normal } from '../../src/stats/normal.ts'
import { type Random, seededRandom } from '../../src/stats/random.ts'
import { type Change, noChange } from './cases.ts'
import type { Environment } from './environments.ts'
import { shaped } from './noise.ts'

export interface SimulatedRun {
  readonly report: JudgeReport
  /** Trials of the whole matrix. */
  readonly passes: number
}

export const runnerClass: RunnerClass = {
  id: 'simulated',
  os: 'linux',
  arch: 'x64',
  cpu: 'none',
  cores: 2,
  memoryGiB: 8,
  gpu: null,
}
const times = { startedAt: '2026-01-01T00:00:00Z', startupMs: 1000 }

/** One pull request on one machine with its own window, judged step by step as a live run does. */
export class Simulation {
  readonly matrix: readonly Scenario[]
  /** Where the default branch stands: its jobs, and both sides of a pull request. */
  main: Change = noChange
  readonly #random: Random
  readonly #environment: Environment
  #walk = 0
  #job = 0

  constructor(environment: Environment, seed: number) {
    this.#environment = environment
    this.#random = seededRandom(seed)
    this.matrix = Array.from({ length: environment.scenarios }, (_, index) => ({
      ...plainLoad,
      name: `p128-o64-c${index + 1}`,
      promptTokens: 128,
      outputTokens: 64,
      concurrency: index + 1,
      requests: 300,
      streaming: true,
    }))
  }

  pullRequest(change: Change, policy: GatePolicy = defaultPolicy): SimulatedRun {
    return this.judge(this.window(policy), change, policy)
  }

  /** A pull request against a given window. */
  judge(window: BaselineWindow, change: Change, policy: GatePolicy = defaultPolicy): SimulatedRun {
    const { matrix } = this
    this.startJob()
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

  /** A window as it grows, push by push: changes of level are looked for after each. */
  window(policy: GatePolicy = defaultPolicy): BaselineWindow {
    const cells = cellsOf(this.matrix, policy)
    let window: BaselineWindow = { runnerClass, scenarios: this.matrix, jobs: [], best: [] }
    for (let index = 0; index < windowJobs; index++) {
      const job = this.baselineJob(index, index === 0 ? policy.calibrationTrials : policy.trials)
      window = { ...window, jobs: markShifts({ ...window, jobs: [...window.jobs, job] }, cells) }
    }
    return window
  }

  /** Trials of the default branch in a job of their own, `index` hours after the first such job. */
  baselineJob(index: number, trials: number): BaselineJob {
    this.startJob()
    return {
      commit: index.toString(16).padStart(40, '0'),
      at: new Date(Date.parse(times.startedAt) + index * 3_600_000).toISOString(),
      kind: index === 0 ? 'calibration' : 'push',
      runUrl: null,
      accepted: [],
      shifts: [],
      trials: Array.from({ length: trials }, (_, n) => ({
        id: `b${n}`,
        ...times,
        scenarios: this.#measure(this.matrix, noChange),
      })),
    }
  }

  /** Slowness of every cell of one more trial of the job: tail latencies, then token rates. For other tools' rules. */
  slownesses(change: Change): number[] {
    const measured = Object.values(this.#measure(this.matrix, change))
    return [
      ...measured.map(({ values }) => Math.log(values.latencyTail ?? Number.NaN)),
      ...measured.map(({ values }) => -Math.log(values.tokensPerSecond ?? Number.NaN)),
    ]
  }

  startJob(): void {
    this.#job = this.#environment.jobSd * normal(this.#random)
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
    return {
      id: `${side}${order}`,
      side,
      stage,
      pair,
      order,
      ...times,
      scenarios: measured,
      findings: [],
      lengths: [],
      telemetry: null,
    }
  }

  #measure(scenarios: readonly Scenario[], change: Change): Record<string, ScenarioMetrics> {
    const { shape, scenarioSd, p99Sd, tokensSd, walkSd, outlierRate, outlierSize } = this.#environment
    const random = this.#random
    this.#walk += walkSd * normal(random)
    const outlier = random() < outlierRate ? Math.log1p(outlierSize) : 0
    const common = this.#job + this.#walk + this.#ofTrial() + outlier
    const [slowEach, tailEach, tokensEach] = [this.#each(), this.#each(), this.#each()]
    return Object.fromEntries(
      scenarios.map(({ name, requests }) => {
        const index = this.matrix.findIndex((candidate) => candidate.name === name)
        const slow = common + scenarioSd * slowEach()
        const reaching = (one: Change) => (index < one.scenarios ? one : noChange)
        const [ofHead, ofMain] = [reaching(change), reaching(this.main)]
        const tailNoise = p99Sd * shaped(shape, tailEach(), random)
        const latency = 1000 * (index + 1) * ofHead.tail * ofMain.tail * Math.exp(slow + tailNoise)
        const rate = (50 / (index + 1)) * ofHead.rate * ofMain.rate * Math.exp(-slow + tokensSd * tokensEach())
        return [name, metricsOf(latency, rate, requests)]
      }),
    )
  }

  #ofTrial(): number {
    const { shape, trialSd } = this.#environment
    const z = normal(this.#random)
    return trialSd * (shape === 'bimodal' || shape === 'heavy-tailed' ? shaped(shape, z, this.#random) : z)
  }

  /** Standard normal numbers, one for each scenario of a trial, as correlated as the environment says. */
  #each(): () => number {
    const { correlation } = this.#environment
    const shared = normal(this.#random)
    return () => Math.sqrt(correlation) * shared + Math.sqrt(1 - correlation) * normal(this.#random)
  }
}

/** What gates; the judge needs nothing else to decide. */
function metricsOf(latencyTail: number, tokensPerSecond: number, requests: number): ScenarioMetrics {
  return { values: { ...nothingShown, latencyTail, tokensPerSecond }, percentile: 99, requests, successRate: 1 }
}

const nothingShown = Object.fromEntries(shownMetrics.map((metric) => [metric, null])) as Record<ShownMetric, null>
