import { join } from 'node:path'
import { decide, pairOrder, wantsAnswers } from '../judge/index.ts'
import type { Target } from '../load/index.ts'
import type { Log } from '../log.ts'
import type { AcceptedSlowdown } from '../model/accepted.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { ClientCalibration } from '../model/calibration.ts'
import type { LoadConfig } from '../model/config.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { RunFile } from '../model/recording.ts'
import type { Scenario } from '../model/scenario.ts'
import { counts, type Side, type Stage, type TrialEvidence } from '../model/trial.ts'
import type { JudgeReport } from '../model/verdict.ts'
import { evidenceOfTrial } from '../recording/evidence.ts'
import { recordWindow } from '../recording/judged-window.ts'
import { createRecording, type RecordingWriter } from '../recording/write.ts'
import { describeCalibration } from '../report/index.ts'
import { telemetryNotes } from '../telemetry/index.ts'
import { type Cost, CostMeter } from './cost.ts'
import { describeTrial } from './describe-trial.ts'
import { mayRepeat, repeatNotes } from './repeats.ts'
import type { MeasuredSide } from './side.ts'
import { runTrial, type TrialSurroundings } from './trial.ts'

/** What one run of trials needs. Sides are asked for when they are first needed: most runs never need the base. */
export interface RunPlan {
  readonly scenarios: readonly Scenario[]
  readonly window: BaselineWindow | null
  readonly policy: GatePolicy
  readonly seed: number
  /** Slowdowns that the team takes on purpose. */
  readonly accepted: readonly AcceptedSlowdown[]
  /** Finds out what our own client is off by; asked once, when the first server is ready. */
  readonly calibrate: () => Promise<ClientCalibration>
  readonly notes: readonly string[]
  readonly sides: Readonly<Record<Side, () => Promise<MeasuredSide>>>
  /** The recording is written to `<out>/base` and `<out>/head`. */
  readonly out: string
  readonly header: Pick<RunFile, 'toolVersion' | 'runnerClass'>
  readonly around: Omit<TrialSurroundings, 'logFile' | 'log' | 'targets' | 'onReady'>
  readonly log: Log
}

export interface RunResult {
  readonly report: JudgeReport
  readonly evidence: readonly TrialEvidence[]
  readonly cost: Cost
  readonly calibration: ClientCalibration | null
}

/** A run of trials: measures, hands all trials so far to the judge, and does what the judge asks for next. */
export class TrialRun {
  readonly cost: CostMeter
  readonly evidence: TrialEvidence[] = []
  readonly #plan: RunPlan
  readonly #writers = new Map<Side, RecordingWriter>()
  readonly #targets = new Map<Side, Target>()
  readonly #startedMs = performance.now()
  #calibration: ClientCalibration | null = null

  /** Null until the first trial. */
  get calibration(): ClientCalibration | null {
    return this.#calibration
  }

  constructor(plan: RunPlan) {
    this.#plan = plan
    this.cost = new CostMeter(plan.scenarios.length)
  }

  /** Screen and pairs until the judge is done, a trial turns out invalid, or the budget is spent. */
  async judge(): Promise<RunResult> {
    const { out, window, header } = this.#plan
    await recordWindow(out, window, header.toolVersion)
    for (;;) {
      const broken = this.evidence.some((trial) => counts(trial) && trial.findings.length > 0)
      const { report, next } = this.#decide(broken || this.#isOverBudget())
      if (next.kind === 'done' || broken || this.#isOverBudget()) {
        return { report, evidence: this.evidence, cost: this.cost.total(), calibration: this.#calibration }
      }
      if (next.kind === 'screen') await this.repeat('head', 'screen', next.trials)
      else await this.#pairs(next.scenarios, next.pairs)
    }
  }

  /** `trials` trials of one side, one after the other; stops early when one is invalid. */
  async repeat(side: Side, stage: Stage, trials: number): Promise<void> {
    for (let done = 0; done < trials; done++) {
      const trial = await this.#trial(side, stage, null, this.#plan.scenarios)
      if (trial.findings.length > 0) return
    }
  }

  /** The verdict on all trials so far; `final` turns what is undecided into inconclusive. */
  #decide(final: boolean) {
    const { scenarios, window, policy, seed, accepted, notes } = this.#plan
    const trials = this.evidence.filter(counts)
    return decide({
      scenarios,
      window,
      policy,
      seed,
      accepted,
      notes: [...notes, ...repeatNotes(this.evidence), ...telemetryNotes(trials)],
      trials,
      final,
    })
  }

  #isOverBudget(): boolean {
    return performance.now() - this.#startedMs > this.#plan.policy.budgetMinutes * 60_000
  }

  async #pairs(names: readonly string[], pairs: number): Promise<void> {
    const scenarios = this.#plan.scenarios.filter((scenario) => names.includes(scenario.name))
    for (let done = 0; done < pairs && !this.#isOverBudget(); done++) {
      const pair = new Set(this.evidence.flatMap((trial) => trial.pair ?? [])).size
      const sides: Side[] = pairOrder(this.#plan.seed, pair) === 'base-first' ? ['base', 'head'] : ['head', 'base']
      for (const side of sides) {
        const trial = await this.#trial(side, 'pairs', pair, scenarios)
        if (trial.findings.length > 0) return
      }
    }
  }

  /** A trial that counts. One that something passing disturbed is kept in the recording, and run again. */
  async #trial(side: Side, stage: Stage, pair: number | null, scenarios: readonly Scenario[]): Promise<TrialEvidence> {
    for (;;) {
      const trial = await this.#measure(side, stage, pair, scenarios)
      if (counts(trial)) return trial
      this.#plan.log.info(`${trial.id} is discarded and run again: ${trial.findings[0]?.code}.`)
    }
  }

  async #measure(
    side: Side,
    stage: Stage,
    pair: number | null,
    scenarios: readonly Scenario[],
  ): Promise<TrialEvidence> {
    const measured = await this.#plan.sides[side]()
    const order = this.evidence.length
    const id = `${side[0]}${this.evidence.filter((trial) => trial.side === side).length + 1}`
    const { record, requests } = await runTrial({ id, side, stage, pair, order, scenarios }, measured, {
      ...this.#plan.around,
      load: this.#loadOf(side, stage),
      log: this.#plan.log,
      targets: this.#targets,
      onReady: () => this.#calibrate(),
      logFile: (trial) => join(this.#plan.out, side, `server-${trial.id}.log`),
    })
    const evidence = evidenceOfTrial(record, requests, this.#plan.scenarios, this.#plan.policy, this.#calibration)
    const mark = mayRepeat(evidence, this.evidence) ? ({ stage: 'discarded', pair: null } as const) : {}
    const trial: TrialEvidence = { ...evidence, ...mark }
    const writer = await this.#writer(measured)
    await writer.append({ ...record, ...mark }, requests)
    this.cost.add(record)
    this.evidence.push(trial)
    this.#plan.log.info(describeTrial(trial, record.durationMs))
    return trial
  }

  /** A screen has no base side whose outputs could be compared. */
  #loadOf(side: Side, stage: Stage): LoadConfig {
    const { load } = this.#plan.around
    const compareOutputs = load.compareOutputs && stage !== 'screen' && wantsAnswers(side, this.evidence)
    return { ...load, compareOutputs }
  }

  /**
   * Finds out what our own client is off by, once for all trials: beside the first server, which is ready and idle, so
   * that the machine is in the state in which it measures.
   */
  async #calibrate(): Promise<void> {
    if (this.#calibration !== null) return
    this.#calibration = await this.#plan.calibrate()
    this.#plan.log.info(`Load client: ${describeCalibration(this.#calibration)}`)
  }

  async #writer(side: MeasuredSide): Promise<RecordingWriter> {
    const known = this.#writers.get(side.side)
    if (known) return known
    const { scenarios, policy, seed, accepted, out, header } = this.#plan
    const writer = await createRecording(join(out, side.side), {
      schema: 'llm-perf-recording/1',
      ...header,
      commit: side.commit,
      side: side.side,
      createdAt: new Date().toISOString(),
      seed,
      calibration: this.#calibration,
      plan: { scenarios, gate: policy, quantileMethod: 'harrell-davis' },
      ...(accepted.length > 0 && { accepted }),
    })
    this.#writers.set(side.side, writer)
    return writer
  }
}
