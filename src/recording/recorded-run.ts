import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ActionError } from '../errors.ts'
import { importNotes } from '../import/index.ts'
import { decide } from '../judge/index.ts'
import { repeatNotes } from '../measure/repeats.ts'
import type { AcceptedSlowdown } from '../model/accepted.ts'
import type { BaselineWindow } from '../model/baseline.ts'
import type { GatePolicy } from '../model/policy.ts'
import type { RunFile } from '../model/recording.ts'
import { isAmong } from '../model/scenario.ts'
import type { TrialEvidence } from '../model/trial.ts'
import type { JudgeReport } from '../model/verdict.ts'
import { telemetryNotes } from '../telemetry/index.ts'
import { evidenceOfRecording } from './evidence.ts'
import { judgedWindowFileName } from './judged-window.ts'
import { pairUp } from './pair-up.ts'
import { readRecording } from './read.ts'

/** Where the parts of one run lie. */
export interface RunPlaces {
  readonly head: string
  /** Null: the run was decided by its screen, and never measured the base side. */
  readonly base: string | null
  /** The window that it was judged against; null: there was none. */
  readonly window: string | null
}

/** The parts of a run in the folder that it has written. */
export function placesIn(folder: string): RunPlaces {
  const inside = (name: string) => (existsSync(join(folder, name)) ? join(folder, name) : null)
  return { head: join(folder, 'head'), base: inside('base'), window: inside(judgedWindowFileName) }
}

/** A run as its recording tells it. */
export interface RecordedRun {
  readonly head: RunFile
  readonly base: RunFile | null
  /** The trials that count, in their order. */
  readonly trials: readonly TrialEvidence[]
  /** What the reader of a verdict must know of how it was measured. */
  readonly notes: readonly string[]
}

/** @throws ActionError for a recording that cannot be read, or sides that cannot be compared */
export async function readRun({ head, base }: Pick<RunPlaces, 'head' | 'base'>): Promise<RecordedRun> {
  const headSide = await readSide(head)
  const baseSide = base === null ? null : await readSide(base)
  if (baseSide) assertComparable(baseSide.run, headSide.run)
  const { trials, notes } = pairUp(baseSide?.trials ?? [], headSide.trials)
  const repeated = repeatNotes([...(baseSide?.trials ?? []), ...headSide.trials])
  const imported = importNotes(baseSide?.run ?? headSide.run, headSide.run)
  return {
    head: headSide.run,
    base: baseSide?.run ?? null,
    trials,
    notes: [...notes, ...repeated, ...telemetryNotes(trials), ...imported],
  }
}

/** What a recorded run is held to. */
export interface RunDemands {
  readonly window: BaselineWindow | null
  readonly policy: GatePolicy
  readonly accepted: readonly AcceptedSlowdown[]
}

/** The verdict on a recorded run: the same looks over the recorded pairs, in their recorded order. */
export function judgeRun({ head, trials, notes }: RecordedRun, demands: RunDemands): JudgeReport {
  const { scenarios } = head.plan
  return decide({ scenarios, trials, seed: head.seed, notes, final: true, ...demands }).report
}

/** One side at a time: the requests of the first need not stay in memory while the second is read. */
async function readSide(directory: string): Promise<{ run: RunFile; trials: readonly TrialEvidence[] }> {
  const recording = await readRecording(directory)
  return { run: recording.run, trials: evidenceOfRecording(recording) }
}

/** @throws ActionError `invalid` where the two recordings did not measure the same thing on the same kind of machine. */
function assertComparable(base: RunFile, head: RunFile): void {
  const problems: string[] = []
  if (base.runnerClass.id !== head.runnerClass.id) {
    problems.push(`the runner classes differ: base ${base.runnerClass.id}, head ${head.runnerClass.id}`)
  }
  for (const scenario of base.plan.scenarios) {
    if (!isAmong(scenario, head.plan.scenarios)) {
      problems.push(`scenario "${scenario.name}" of base is missing in head, or defined otherwise`)
    }
  }
  if (problems.length === 0) return
  throw new ActionError(
    'invalid',
    `The recordings cannot be compared: ${problems.join('; ')}.`,
    'Record both sides on one machine with the same scenarios.',
  )
}
