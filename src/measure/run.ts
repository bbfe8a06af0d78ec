import { join } from 'node:path'
import { decide, pairOrder } from '../judge/index.ts'
import type { Target } from '../load/index.ts'
import type { Log } from '../log.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { RunFile, TrialRecord } from '../model/recording.ts'
import type { Scenario } from '../model/scenario.ts'
import type { Side, Stage, TrialEvidence } from '../model/trial.ts'
import type { JudgeReport } from '../model/verdict.ts'
import { evidenceOfTrial } from '../recording/evidence.ts'
import { createRecording, type RecordingWriter } from '../recording/write.ts'
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
  readonly notes: readonly string[]
  readonly sides: Readonly<Record<Side, () => Promise<MeasuredSide>>>
  /** The recording is written to `<out>/base` and `<out>/head`. */
  readonly out: string
  readonly header: Pick<RunFile, 'toolVersion' | 'runnerClass'>
  readonly around: Omit<TrialSurroundings, 'logFile' | 'log' | 'targets'>
  readonly log: Log
}

export interface RunResult {
  readonly report: JudgeReport
  readonly evidence: readonly TrialEvidence[]
  readonly cost: Cost
}

/** A run of trials: measures, hands all trials so far to the judge, and does what the judge asks for next. */
export class TrialRun {
  readonly cost: CostMeter
  readonly evidence: TrialEvidence[] = []
  /** One for each piece of evidence. */
  readonly records: TrialRecord[] = []
  readonly #plan: RunPlan
  readonly #writers = new Map<Side, RecordingWriter>()
  readonly #targets = new Map<Side, Target>()
  readonly #startedMs = performance.now()

  constructor(plan: RunPlan) {
    this.#plan = plan
    this.cost = new CostMeter(plan.scenarios.length)
  }

  /** Screen and pairs until the judge is done, a trial turns out invalid, or the budget is spent. */
  async judge(): Promise<RunResult> {
    for (;;) {
      const broken = this.evidence.some(({ stage, findings }) => stage !== 'discarded' && findings.length > 0)
      const { report, next } = this.#decide(broken || this.#isOverBudget())
      if (next.kind === 'done' || broken || this.#isOverBudget()) {
        return { report, evidence: this.evidence, cost: this.cost.total() }
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
    const { scenarios, window, policy, seed, notes } = this.#plan
    const trials = this.evidence.filter(({ stage }) => stage !== 'discarded')
    return decide({ scenarios, window, policy, seed, notes: [...notes, ...repeatNotes(this.evidence)], trials, final })
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
      if (trial.stage !== 'discarded') return trial
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
      log: this.#plan.log,
      targets: this.#targets,
      logFile: (trial) => join(this.#plan.out, side, `server-${trial.id}.log`),
    })
    const evidence = evidenceOfTrial(record, requests, this.#plan.scenarios, this.#plan.policy)
    const mark = mayRepeat(evidence, this.evidence) ? ({ stage: 'discarded', pair: null } as const) : {}
    const trial: TrialEvidence = { ...evidence, ...mark }
    const writer = await this.#writer(measured)
    await writer.append({ ...record, ...mark }, requests)
    this.cost.add(record)
    this.evidence.push(trial)
    this.records.push(record)
    this.#plan.log.info(describeTrial(trial, record.durationMs))
    return trial
  }

  async #writer(side: MeasuredSide): Promise<RecordingWriter> {
    const known = this.#writers.get(side.side)
    if (known) return known
    const { scenarios, policy, seed, out, header } = this.#plan
    const writer = await createRecording(join(out, side.side), {
      schema: 'llm-perf-recording/1',
      ...header,
      commit: side.commit,
      side: side.side,
      createdAt: new Date().toISOString(),
      seed,
      plan: { scenarios, gate: policy, quantileMethod: 'harrell-davis' },
    })
    this.#writers.set(side.side, writer)
    return writer
  }
}
