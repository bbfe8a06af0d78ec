import { supportedPercentile } from '../metrics/summarise.ts'
import type { ScenarioWindow } from '../model/recording.ts'
import type { RequestRecord } from '../model/request.ts'
import { fewestRequests, mayEndEarly } from '../model/scenario.ts'
import { nearestRank } from '../stats/nearest-rank.ts'
import { judgeAnswer } from './answer/judge-answer.ts'
import { apis } from './api/index.ts'
import { EventLoopDelay } from './event-loop-delay.ts'
import type { Capture } from './http/capture.ts'
import type { LoopResult } from './loop/loop.ts'
import type { Departure, Shot } from './loop/shot.ts'
import { clientLagMs, recordOf } from './record.ts'
import type { ScenarioOptions, ScenarioRun } from './run-scenario.ts'

const warmupFailuresKept = 5

interface Measured {
  readonly record: RequestRecord
  readonly settledMs: number
  /** Null when it was never sent. */
  readonly lagMs: number | null
}

/** Collects what a loop did with one scenario, and makes the recording of it. */
export class Measurement {
  readonly #options: ScenarioOptions
  readonly #promptSource: ScenarioWindow['promptSource']
  readonly #startMs: number
  readonly #loopDelay = new EventLoopDelay()
  readonly #measured: Measured[] = []
  readonly #warmupFailures: string[] = []
  #warmupEndMs = 0

  constructor(options: ScenarioOptions, promptSource: ScenarioWindow['promptSource']) {
    this.#options = options
    this.#promptSource = promptSource
    this.#startMs = options.nowMs()
  }

  begin(): void {
    this.#loopDelay.start()
  }

  take({ phase, index }: Shot, departure: Departure | null, capture: Capture): void {
    const { target, scenario, trial, onProgress } = this.#options
    const { outputTokens, streaming } = scenario
    const expected = { api: apis[target.api.type], config: target.api, outputTokens, streaming }
    const judged = judgeAnswer(capture, { ...expected, mayEndEarly: mayEndEarly(scenario) })
    if (phase === 'warm-up') {
      const isKept = judged.outcome !== 'ok' && this.#warmupFailures.length < warmupFailuresKept
      if (isKept) this.#warmupFailures.push(`Warm-up request ${index}: ${judged.outcome}: ${judged.detail ?? ''}`)
      this.#warmupEndMs = Math.max(this.#warmupEndMs, capture.settledMs)
      return
    }
    const record = recordOf({ trial, scenario: scenario.name, index }, departure, capture, judged)
    this.#measured.push({ record, settledMs: capture.settledMs, lagMs: clientLagMs(departure, capture) })
    onProgress?.(this.#measured.length, Math.max(fewestRequests(scenario), this.#measured.length))
  }

  result(loop: LoopResult): ScenarioRun {
    this.#loopDelay.stop()
    const measured = this.#measured.toSorted((a, b) => a.settledMs - b.settledMs)
    const { target, scenario } = this.#options
    const percentile = supportedPercentile(scenario.requests) ?? 50
    const times = this.#times(loop)
    const lagsMs = measured.flatMap(({ lagMs }) => lagMs ?? [])
    return {
      records: measured.map(({ record }) => record),
      window: {
        scenario: scenario.name,
        ...times,
        peakInFlight: loop.peakInFlight,
        queuedRequests: loop.queuedRequests,
        clientLagTailMs: nearestRank(lagsMs, percentile / 100) ?? 0,
        warmupRequests: loop.warmupRequests,
        warmupMs: Math.max(0, times.startMs - this.#startMs),
        warmupFailures: this.#warmupFailures,
        eventLoopDelayP99Ms: this.#loopDelay.percentileMs(99),
        eventLoopDelayTailMs: this.#loopDelay.percentileMs(percentile),
        promptSource: this.#promptSource,
        countSource: target.countSource,
      },
    }
  }

  #times({ scheduleStartMs }: LoopResult): Pick<ScenarioWindow, 'startMs' | 'endMs' | 'steadyStartMs' | 'steadyEndMs'> {
    const starts = this.#measured.map(({ record }) => record.sentMs ?? record.scheduledMs)
    const ends = this.#measured.map(({ record, settledMs }) => record.endMs ?? settledMs)
    // Nothing was measured when the run was stopped while warming up.
    const startMs = scheduleStartMs ?? (starts.length > 0 ? least(starts) : this.#options.nowMs())
    const endMs = most([startMs, ...ends])
    const lastStartMs = most([startMs, ...starts])
    const steadyStartMs = Math.min(endMs, Math.max(startMs, this.#warmupEndMs))
    return { startMs, endMs, steadyStartMs, steadyEndMs: Math.max(steadyStartMs, Math.min(endMs, lastStartMs)) }
  }
}

function least(values: readonly number[]): number {
  return values.reduce((smallest, value) => Math.min(smallest, value), Number.POSITIVE_INFINITY)
}

function most(values: readonly number[]): number {
  return -least(values.map((value) => -value))
}
