import { setTimeout as sleep } from 'node:timers/promises'
import { ActionError, messageOf } from '../../errors.ts'
import type { ClientCalibration } from '../../model/calibration.ts'
import type { Scenario } from '../../model/scenario.ts'
import { type MeasuredClient, measureClient, type ReferenceLoad } from './measure-client.ts'
import { type ReferenceProcess, startReferenceProcess } from './reference-process.ts'
import { clientErrors, spreadOf } from './truth.ts'

/** More streams than this say nothing new of the client, and would make the check long. */
const mostConcurrency = 64
const tokens = 8
const promptTokens = 64
/** Attempts, where the first is off: something passing may have disturbed it. */
const mostAttempts = 2
const pauseMs = 100
/** A median error of the latency above this is worth a second look: what it may be depends on what is measured. */
const worthRepeatingMs = 1

/**
 * Measures what our own client is off by, under the plan's highest load: a closed loop of a third of a second or so on a
 * server of known timing, in a process of its own. To be run while nothing else is measured.
 *
 * @throws ActionError `invalid` when it cannot be done: an error that is not known must not pass for none.
 */
export async function calibrateClient(scenarios: readonly Scenario[], signal: AbortSignal): Promise<ClientCalibration> {
  const concurrency = Math.min(mostConcurrency, Math.max(...scenarios.map(inFlight)))
  const { ttftMs, gapMs } = paceOf(concurrency)
  const reference = await startReferenceProcess(['--ttft-ms', String(ttftMs), '--gap-ms', String(gapMs)], signal)
  try {
    let best = await attempt(reference, concurrency, 1, signal)
    for (let attempts = 2; isOff(best) && attempts <= mostAttempts; attempts += 1) {
      await sleep(pauseMs, undefined, { signal }).catch(() => {})
      const next = await attempt(reference, concurrency, attempts, signal)
      best = { ...(sizeOf(next) < sizeOf(best) ? next : best), attempts }
    }
    return best
  } finally {
    await reference.stop()
  }
}

/** Requests that a scenario may have in flight; those of an open loop without a limit as if each took a second. */
function inFlight({ concurrency, arrivals }: Scenario): number {
  return Math.ceil(concurrency ?? arrivals?.requestsPerSecond ?? 1)
}

/** One stream alone takes short answers, so that many fit into a moment; many streams take the pace of a real server. */
function paceOf(concurrency: number): { readonly ttftMs: number; readonly gapMs: number } {
  return concurrency < 4 ? { ttftMs: 5, gapMs: 1 } : { ttftMs: 20, gapMs: 10 }
}

async function attempt(
  reference: ReferenceProcess,
  concurrency: number,
  attempts: number,
  signal: AbortSignal,
): Promise<ClientCalibration> {
  const requests = Math.max(16, 3 * concurrency)
  const load = { name: `calibration-${attempts}`, promptTokens, outputTokens: tokens, concurrency, requests }
  const { run, pairs } = await measured(reference, load, signal)
  const failed = run.records.find(({ outcome }) => outcome !== 'ok')
  if (failed) throw notMeasured(`${failed.outcome}: ${failed.detail}`)
  const errors = clientErrors(pairs)
  const [ttft, tpot, latency] = [errors.ttftMs, errors.tpotMs, errors.latencyMs].map(spreadOf)
  if (!ttft || !tpot || !latency || Number.isNaN(ttft.medianMs + tpot.medianMs + latency.medianMs)) {
    throw notMeasured('it left no times')
  }
  return { concurrency, requests: pairs.length, ttft, tpot, latency, attempts }
}

async function measured(
  reference: ReferenceProcess,
  load: ReferenceLoad,
  signal: AbortSignal,
): Promise<MeasuredClient> {
  try {
    return await measureClient(reference, load, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof ActionError ? error : notMeasured(messageOf(error))
  }
}

function isOff({ latency }: ClientCalibration): boolean {
  return Math.abs(latency.medianMs) > worthRepeatingMs
}

function sizeOf({ ttft, latency }: ClientCalibration): number {
  return Math.abs(ttft.medianMs) + Math.abs(latency.medianMs)
}

function notMeasured(why: string): ActionError {
  return new ActionError(
    'invalid',
    `The load client could not be held against its reference server, so its own error is not known: ${why}.`,
    'Nothing may stand between this process and 127.0.0.1 (proxy, firewall). If it comes back, report it with this message.',
  )
}
