import type { TrialRecord } from '../model/recording.ts'

/** Where the time of a run went. Everything that is not in here is the action's own overhead. */
export interface Cost {
  /** Cost unit: a trial of the whole matrix is one pass, a trial of half the scenarios half a pass. */
  readonly passes: number
  readonly trials: number
  /** The user's setup commands. */
  readonly setupSeconds: number
  readonly startupSeconds: number
  readonly warmupSeconds: number
  readonly measuringSeconds: number
  /** Questions to the server whose answers are compared between the sides. */
  readonly askingSeconds: number
  /** Stopping servers: SIGTERM until the process group is gone. */
  readonly stoppingSeconds: number
}

/** Adds up what trials and setup commands cost. */
export class CostMeter {
  readonly #scenarios: number
  #passes = 0
  #trials = 0
  #setupMs = 0
  #startupMs = 0
  #warmupMs = 0
  #measuringMs = 0
  #askingMs = 0
  #stoppingMs = 0

  /** @param scenarios scenarios in the whole matrix, at least 1 */
  constructor(scenarios: number) {
    this.#scenarios = scenarios
  }

  add(trial: TrialRecord): void {
    this.#trials += 1
    this.#passes += trial.windows.length / this.#scenarios
    this.#startupMs += trial.startupMs
    this.#stoppingMs += trial.stopMs
    this.#askingMs += trial.outputs?.durationMs ?? 0
    for (const window of trial.windows) {
      this.#warmupMs += window.warmupMs
      this.#measuringMs += window.endMs - window.startMs
    }
  }

  addSetup(durationMs: number): void {
    this.#setupMs += durationMs
  }

  total(): Cost {
    return {
      passes: this.#passes,
      trials: this.#trials,
      setupSeconds: this.#setupMs / 1000,
      startupSeconds: this.#startupMs / 1000,
      warmupSeconds: this.#warmupMs / 1000,
      measuringSeconds: this.#measuringMs / 1000,
      askingSeconds: this.#askingMs / 1000,
      stoppingSeconds: this.#stoppingMs / 1000,
    }
  }
}
