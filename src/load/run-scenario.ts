import type { OwnPrompt } from '../model/own-prompt.ts'
import type { ScenarioWindow } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import { mayEndEarly, type Scenario } from '../model/scenario.ts'
import type { HttpRequest } from './api/api.ts'
import { apis } from './api/index.ts'
import { runClosedLoop } from './loop/closed-loop.ts'
import type { LoopOptions } from './loop/loop.ts'
import { runOpenLoop } from './loop/open-loop.ts'
import type { Phase } from './loop/shot.ts'
import { Measurement } from './measurement.ts'
import { preparePrompts, type ScenarioPrompts } from './prompts/prepare-prompts.ts'
import { randomFrom } from './prompts/random.ts'
import type { Target } from './target.ts'

export interface ScenarioOptions {
  readonly target: Target
  readonly scenario: Scenario
  /** Of the scenario's prompt file, where it names one. */
  readonly ownPrompts?: readonly OwnPrompt[]
  /** Id of the trial, for the records. */
  readonly trial: string
  readonly seed: number
  readonly requestTimeoutMs: number
  /** Milliseconds since the start of the trial: monotonic, fractions kept. */
  readonly nowMs: () => number
  readonly signal: AbortSignal
  onProgress?(done: number, total: number): void
}

export interface ScenarioRun {
  /** Measured requests only, in the order of completion. */
  readonly records: readonly RequestRecord[]
  readonly window: ScenarioWindow
}

/**
 * Warm-up requests take their prompts from here on, so that the measured ones are the same however long the warm-up was.
 */
const warmupPromptsFrom = 1_000_000_000

/**
 * Loads the server with one scenario: warm-up requests first, and without a pause the measured ones.
 *
 * After an abort it resolves soon, with what was measured so far and the requests in flight as `aborted`; records are
 * then fewer than the scenario's requests. Failed requests are records, never exceptions.
 *
 * @throws ActionError when prompts of the length cannot be made, or when it is aborted before it has begun.
 */
export async function runScenario(options: ScenarioOptions): Promise<ScenarioRun> {
  const { target, scenario, seed, nowMs, signal, requestTimeoutMs } = options
  const prompts = await preparePrompts({ ...options, limits: { signal, timeoutMs: requestTimeoutMs } })
  const measurement = new Measurement(options, prompts.source)
  const loop: LoopOptions = {
    scenario,
    origin: target.origin,
    timeoutMs: requestTimeoutMs,
    signal,
    nowMs,
    keepsConnections: scenario.streaming ? !target.closesAfter.stream : !target.closesAfter.body,
    makeRequest: (phase, index) => makeRequest(options, prompts, phase, index),
    onMeasuring: () => measurement.begin(),
    onSettled: (shot, departure, capture) => measurement.take(shot, departure, capture),
  }
  const { arrivals } = scenario
  const randomOf = (phase: Phase) => randomFrom(`${seed}/${scenario.name}/arrivals/${phase}`)
  const result = arrivals ? await runOpenLoop({ ...loop, arrivals, randomOf }) : await runClosedLoop(loop)
  return measurement.result(result)
}

function makeRequest(
  { target, scenario }: ScenarioOptions,
  prompts: ScenarioPrompts,
  phase: Phase,
  index: number,
): HttpRequest {
  return apis[target.api.type].request({
    config: target.api,
    model: target.model,
    prompt: prompts.promptAt(phase === 'measured' ? index : warmupPromptsFrom + index),
    outputTokens: scenario.outputTokens,
    mayEndEarly: mayEndEarly(scenario),
    streaming: scenario.streaming,
    isLlamaCpp: target.tokenizer.dialect === 'llama.cpp',
  })
}
