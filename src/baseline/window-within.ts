import type { BaselineWindow } from '../model/baseline.ts'
import { isAmong, type Scenario } from '../model/scenario.ts'
import { onlyScenarios } from './only-scenarios.ts'

/** The window as if it had only ever measured what is among these scenarios; null when nothing is left of it. */
export function windowWithin(window: BaselineWindow, among: readonly Scenario[]): BaselineWindow | null {
  const scenarios = window.scenarios.filter((old) => isAmong(old, among))
  if (scenarios.length === window.scenarios.length) return window
  const names = new Set(scenarios.map(({ name }) => name))
  const jobs = onlyScenarios(window.jobs, names)
  // What all scenarios together once reached holds for those scenarios only.
  const best = window.best.filter(({ scenario }) => scenario !== null && names.has(scenario))
  return jobs.length === 0 ? null : { ...window, scenarios, jobs, best }
}
