import { required } from '../../src/metrics/request-times.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { counts } from '../../src/model/trial.ts'
import { type Recording, readRecording } from '../../src/recording/read.ts'
import type { LatencySource } from './source.ts'

/**
 * Each scenario of recorded trials as a source of its own. Folders of base and head that stand at the same place were
 * recorded next to each other in time.
 *
 * @param change what makes head slower, in words
 * @throws ActionError `usage` when a folder holds no recording
 */
export async function recordedSources(
  baseFolders: readonly string[],
  headFolders: readonly string[],
  change: string,
): Promise<LatencySource[]> {
  const base = await Promise.all(baseFolders.map(readRecording))
  const head = await Promise.all(headFolders.map(readRecording))
  return (base[0]?.run.plan.scenarios ?? []).map((scenario) => ({
    name: `recorded, ${scenario.name}`,
    change,
    base: base.flatMap((recording) => runsOf(recording, scenario)),
    head: head.flatMap((recording) => runsOf(recording, scenario)),
  }))
}

/** Latencies trial by trial, in the order of completion; a trial that did not measure the scenario is left out. */
function runsOf({ run, requests }: Recording, { name, arrivals }: Scenario): Float64Array[] {
  return run.trials
    .filter((trial) => counts(trial) && trial.findings.length === 0)
    .map(({ id }) => requests.filter((one) => one.trial === id && one.scenario === name && one.outcome === 'ok'))
    .filter((measured) => measured.length > 0)
    .map((measured) =>
      Float64Array.from(
        measured,
        (one) => required(one, 'endMs') - required(one, arrivals === null ? 'sentMs' : 'scheduledMs'),
      ),
    )
}
