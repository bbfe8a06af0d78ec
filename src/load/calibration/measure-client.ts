import { plainLoad, type Scenario } from '../../model/scenario.ts'
import { monotonicMs, promptStart } from '../../reference-server/index.ts'
import { preparePrompts } from '../prompts/prepare-prompts.ts'
import { runScenario, type ScenarioRun } from '../run-scenario.ts'
import type { ReferenceProcess } from './reference-process.ts'
import { referenceTarget } from './reference-target.ts'
import { pairWithTruth, type TruthPair } from './truth.ts'

const seed = 1
const requestTimeoutMs = 30_000

/** A load on the reference server; the rest of the scenario is plain. */
export type ReferenceLoad = Pick<Scenario, 'name' | 'promptTokens' | 'outputTokens' | 'concurrency' | 'requests'> &
  Partial<Scenario>

export interface MeasuredClient {
  readonly run: ScenarioRun
  readonly pairs: readonly TruthPair[]
}

/** Loads a reference server with the very client that measures. Times are those of the monotonic clock. */
export function loadReference(
  reference: Pick<ReferenceProcess, 'origin'>,
  load: ReferenceLoad,
  signal: AbortSignal,
): Promise<ScenarioRun> {
  return runScenario({
    target: referenceTarget(reference.origin),
    scenario: scenarioOf(load),
    trial: 'calibration',
    seed,
    requestTimeoutMs,
    // The clock of the server too, so that stamps of both can be compared.
    nowMs: monotonicMs,
    signal,
  })
}

/** Puts what the client recorded and what the server saw side by side. */
export async function pairUp(
  reference: ReferenceProcess,
  load: ReferenceLoad,
  run: Pick<ScenarioRun, 'records'>,
  signal: AbortSignal,
): Promise<TruthPair[]> {
  const target = referenceTarget(reference.origin)
  const limits = { signal, timeoutMs: requestTimeoutMs }
  const prompts = await preparePrompts({ target, scenario: scenarioOf(load), seed, limits })
  return pairWithTruth(run.records, await reference.log(signal), ({ index }) => promptStart(prompts.promptAt(index)))
}

/** Both: a load, and what the client and the server say of it. */
export async function measureClient(
  reference: ReferenceProcess,
  load: ReferenceLoad,
  signal: AbortSignal,
): Promise<MeasuredClient> {
  const run = await loadReference(reference, load, signal)
  return { run, pairs: await pairUp(reference, load, run, signal) }
}

function scenarioOf(load: ReferenceLoad): Scenario {
  return { ...plainLoad, streaming: true, ...load }
}
