import type { RunFile, ScenarioWindow, TrialRecord } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import type { Scenario } from '../model/scenario.ts'

/** One scenario of one trial. */
export interface ExportInput {
  readonly run: RunFile
  readonly trial: TrialRecord
  readonly scenario: Scenario
  readonly window: ScenarioWindow
  /** Of this trial and scenario, failed ones included. */
  readonly requests: readonly RequestRecord[]
}

export interface ExportedFile {
  /** As the tool itself would name it. */
  readonly name: string
  readonly text: string
}

/** Writes a scenario of a trial as a result file of another tool. */
export type Exporter = (input: ExportInput) => ExportedFile
