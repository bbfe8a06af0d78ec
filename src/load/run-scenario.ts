import { supportedPercentile } from '../metrics/summarise.ts'
import type { ScenarioWindow } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import type { Scenario } from '../model/scenario.ts'
import { judgeAnswer } from './answer/judge-answer.ts'
import type { HttpRequest } from './api/api.ts'
import { apis } from './api/index.ts'
import { runClosedLoop } from './closed-loop.ts'
import { EventLoopDelay } from './event-loop-delay.ts'
import type { Capture } from './http/capture.ts'
import type { CountTokens } from './prompts/calibrate.ts'
import { countBy } from './prompts/choose-source.ts'
import { findUnits, makePrompt, type WordList } from './prompts/prompt-source.ts'
import { recordOf } from './record.ts'
import { Session } from './session.ts'
import type { Target } from './target.ts'

export interface ScenarioOptions {
  readonly target: Target
  readonly scenario: Scenario
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

const fewestWarmups = 2
const warmupFailuresKept = 5

/**
 * Loads the server with one scenario: warm-up requests first, and without a pause the measured ones.
 *
 * After an abort it resolves soon, with what was measured so far and the requests in flight as `aborted`; records are
 * then fewer than the scenario's requests. Failed requests are records, never exceptions.
 *
 * @throws ActionError when prompts of the length cannot be made, or when it is aborted before it has begun.
 */
export async function runScenario(options: ScenarioOptions): Promise<ScenarioRun> {
  const units = await prepare(options)
  const measurement = new Measurement(options, units)
  const { target, scenario, nowMs, signal, requestTimeoutMs } = options
  await runClosedLoop({
    origin: target.origin,
    concurrency: scenario.concurrency,
    total: measurement.warmupRequests + scenario.requests,
    timeoutMs: requestTimeoutMs,
    signal,
    nowMs,
    keepsConnections: scenario.streaming ? !target.closesAfter.stream : !target.closesAfter.body,
    makeRequest: (index) => measurement.makeRequest(index),
    onSend: (index) => measurement.noteSend(index),
    onSettled: (index, capture) => measurement.take(index, capture),
  })
  return measurement.result()
}

/** Units of a prompt of the scenario's length; asks the server where words are calibrated. */
async function prepare({ target, scenario, signal, requestTimeoutMs }: ScenarioOptions): Promise<number> {
  const { promptSource, tokenizer, origin, api } = target
  const session = new Session(origin, api, { signal, timeoutMs: requestTimeoutMs })
  try {
    const countWith = (list: WordList, kind: 'tokenize' | 'words'): CountTokens =>
      countBy(kind, list, session, tokenizer)
    return await findUnits(promptSource, scenario.promptTokens, countWith)
  } finally {
    await session.close()
  }
}

class Measurement {
  readonly warmupRequests: number
  readonly #options: ScenarioOptions
  readonly #units: number
  readonly #startMs: number
  readonly #loopDelay = new EventLoopDelay()
  readonly #records: { record: RequestRecord; settledMs: number }[] = []
  readonly #warmupFailures: string[] = []

  constructor(options: ScenarioOptions, units: number) {
    this.#options = options
    this.#units = units
    this.warmupRequests = Math.max(fewestWarmups, options.scenario.concurrency)
    this.#startMs = options.nowMs()
  }

  makeRequest(index: number): HttpRequest {
    const { target, scenario, seed } = this.#options
    return apis[target.api.type].request({
      config: target.api,
      model: target.model,
      prompt: makePrompt(target.promptSource, this.#units, { seed, scenario: scenario.name, index }),
      outputTokens: scenario.outputTokens,
      streaming: scenario.streaming,
      isLlamaCpp: target.tokenizer.dialect === 'llama.cpp',
    })
  }

  noteSend(index: number): void {
    if (index === this.warmupRequests) this.#loopDelay.start()
  }

  take(index: number, capture: Capture): void {
    const { target, scenario, trial, onProgress } = this.#options
    const { outputTokens, streaming } = scenario
    const judged = judgeAnswer(capture, { api: apis[target.api.type], config: target.api, outputTokens, streaming })
    if (index < this.warmupRequests) {
      const isKept = judged.outcome !== 'ok' && this.#warmupFailures.length < warmupFailuresKept
      if (isKept) this.#warmupFailures.push(`Warm-up request ${index}: ${judged.outcome}: ${judged.detail ?? ''}`)
      return
    }
    const place = { trial, scenario: scenario.name, index: index - this.warmupRequests }
    this.#records.push({ record: recordOf(place, capture, judged), settledMs: capture.settledMs })
    onProgress?.(this.#records.length, scenario.requests)
  }

  result(): ScenarioRun {
    this.#loopDelay.stop()
    const { target, scenario, nowMs } = this.#options
    const measured = this.#records.toSorted((a, b) => a.settledMs - b.settledMs)
    const starts = measured.map(({ record }) => record.sentMs ?? record.scheduledMs)
    const ends = measured.map(({ record, settledMs }) => record.endMs ?? settledMs)
    // Nothing was measured when the run was stopped while warming up.
    const startMs = starts.length > 0 ? minOf(starts) : nowMs()
    return {
      records: measured.map(({ record }) => record),
      window: {
        scenario: scenario.name,
        startMs,
        endMs: ends.length > 0 ? -minOf(ends.map((end) => -end)) : startMs,
        warmupRequests: this.warmupRequests,
        warmupMs: Math.max(0, startMs - this.#startMs),
        warmupFailures: this.#warmupFailures,
        eventLoopDelayP99Ms: this.#loopDelay.percentileMs(99),
        eventLoopDelayTailMs: this.#loopDelay.percentileMs(supportedPercentile(scenario.requests) ?? 50),
        promptSource: target.promptSource.kind,
        countSource: target.countSource,
      },
    }
  }
}

function minOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
}
