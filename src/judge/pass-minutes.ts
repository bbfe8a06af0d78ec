import { mean } from 'simple-statistics'
import type { BaselineTrial, BaselineWindow } from '../model/baseline.ts'
import type { Scenario } from '../model/scenario.ts'
import { present } from './pairs.ts'
import { measuredOf } from './slowness.ts'

/** Requests that warm a scenario up before it is measured: at least two, and one for each stream. */
const fewestWarmups = 2

/**
 * How long one pass takes on this runner, in minutes, as the window's trials took: the server's start, and each
 * scenario's requests, warm-up included, at the rate at which they were answered. Null: no trial tells.
 */
export function passMinutes(window: BaselineWindow | null, scenarios: readonly Scenario[]): number | null {
  return minutesOfTrial(window?.jobs.flatMap((job) => job.trials) ?? [], scenarios)
}

/** How long one trial of these scenarios takes, in minutes, as those trials took that measured all of them. */
export function minutesOfTrial(trials: readonly TimedTrial[], scenarios: readonly Scenario[]): number | null {
  const seconds = present(trials.map((trial) => trialSeconds(trial, scenarios)))
  return seconds.length > 0 ? mean(seconds) / 60 : null
}

type TimedTrial = Pick<BaselineTrial, 'startupMs' | 'scenarios'>

function trialSeconds(trial: TimedTrial, scenarios: readonly Scenario[]): number | null {
  let total = trial.startupMs / 1000
  for (const { name, requests, concurrency, minSeconds } of scenarios) {
    const rate = measuredOf(trial, name)?.values.requestRate
    if (!rate) return null
    total += Math.max((requests + Math.max(fewestWarmups, concurrency ?? 0)) / rate, minSeconds)
  }
  return total
}
