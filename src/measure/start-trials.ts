import { calibrateClient } from '../load/calibration/index.ts'
import type { Log } from '../log.ts'
import type { AcceptedSlowdown } from '../model/accepted.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { LoadConfig } from '../model/config.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { RunnerClass } from '../model/runner-class.ts'
import type { Side } from '../model/trial.ts'
import { promptNotes } from '../plan/index.ts'
import type { Session } from '../session.ts'
import { toolVersion } from '../version.ts'
import { TrialRun } from './run.ts'
import { type MeasuredSide, preparedOnce } from './side.ts'

/** What the action and the terminal both say to have trials run. */
export interface Trials {
  readonly load: LoadConfig
  readonly session: Session
  readonly runnerClass: RunnerClass
  /** Folder of the recording. */
  readonly out: string
  readonly policy: GatePolicy
  readonly window: BaselineWindow | null
  /** Slowdowns that the team takes on purpose; left out: none. */
  readonly accepted?: readonly AcceptedSlowdown[]
  /** For the reader of the report. */
  readonly notes: readonly string[]
  /** Finds or makes a side's checkout; asked once, when it is first needed. */
  readonly locate: Readonly<Record<Side, () => Promise<MeasuredSide>>>
  readonly log: Log
}

/** A run of trials in a session: nothing is measured yet. */
export function startTrials(trials: Trials): TrialRun {
  const { load, session, runnerClass, out, policy, window, accepted = [], notes, log } = trials
  const { marker, signal, onSpawn } = session
  const onSetup = (durationMs: number) => run.cost.addSetup(durationMs)
  const aboutPrompts = promptNotes(load)
  for (const note of aboutPrompts) log.info(note)
  const prepared = (side: Side) => preparedOnce(trials.locate[side], { marker, signal, logDirectory: out, onSetup })
  const run: TrialRun = new TrialRun({
    scenarios: load.scenarios,
    seed: load.seed,
    window,
    policy,
    accepted,
    calibrate: () => calibrateClient(load.scenarios, signal),
    notes: [...notes, ...aboutPrompts],
    sides: { base: prepared('base'), head: prepared('head') },
    out,
    header: { toolVersion, runnerClass },
    around: { load, marker, signal, onSpawn },
    log,
  })
  return run
}

/** The other side of a run that measures one only. */
export function noSide(): Promise<MeasuredSide> {
  return Promise.reject(new Error('this run has one side only'))
}
