import type { BaselineFile } from '../model/baseline.ts'
import { assertBaseline } from './parse.ts'

/**
 * The text of the file: keys in the order of the schema, windows and scenarios by name, one value a line, so that the
 * commit that updates a baseline shows what was added and nothing else.
 *
 * @throws ActionError `invalid` when the result could not be read again.
 */
export function serialiseBaseline(file: BaselineFile): string {
  const ordered = assertBaseline(file)
  return `${JSON.stringify({ ...ordered, windows: sortKeys(ordered.windows, sortTrials) }, null, 2)}\n`
}

function sortTrials(window: BaselineFile['windows'][string]) {
  return {
    ...window,
    jobs: window.jobs.map((job) => ({
      ...job,
      trials: job.trials.map((trial) => ({ ...trial, scenarios: sortKeys(trial.scenarios, (metrics) => metrics) })),
    })),
  }
}

/** By code unit: a locale must not reorder the file. */
function sortKeys<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  const names = Object.keys(record).sort((a, b) => (a < b ? -1 : 1))
  return Object.fromEntries(names.map((name) => [name, map(record[name] as T)]))
}
