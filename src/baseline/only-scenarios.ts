import type { BaselineJob } from '../model/baseline.ts'

/** The jobs with nothing left but these scenarios; trials and jobs that are empty then are gone. */
export function onlyScenarios(jobs: readonly BaselineJob[], names: ReadonlySet<string>): BaselineJob[] {
  return jobs
    .map((job) => ({
      ...job,
      trials: job.trials
        .map((trial) => ({
          ...trial,
          scenarios: Object.fromEntries(Object.entries(trial.scenarios).filter(([name]) => names.has(name))),
        }))
        .filter((trial) => Object.keys(trial.scenarios).length > 0),
    }))
    .filter((job) => job.trials.length > 0)
}
