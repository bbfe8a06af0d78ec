import { setTimeout as sleep } from 'node:timers/promises'
import { ActionError } from '../errors.ts'

/** What takes no time is soon seen; what takes long is not asked all the time. */
const firstPauseMs = 3
const growth = 1.5

/** Asks again, at first soon and in the end every `everyMs`, until the answer is true or the time is over; tells which. */
export async function waitUntil(
  isDone: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 20,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  for (let pauseMs = firstPauseMs; ; pauseMs *= growth) {
    if (await isDone()) return true
    if (performance.now() >= deadline) return false
    await sleep(Math.min(pauseMs, everyMs))
  }
}

/** What to throw once the run's signal has fired: its own reason if that is meant for a person. */
export function cancelledError(signal: AbortSignal, doing: string): ActionError {
  if (signal.reason instanceof ActionError) return signal.reason
  return new ActionError('cancelled', `The run was cancelled while ${doing}.`, 'Run it again to get a result.', {
    cause: signal.reason,
  })
}

/** @throws ActionError `cancelled` when the signal has fired. */
export function assertNotCancelled(signal: AbortSignal, doing: string): void {
  if (signal.aborted) throw cancelledError(signal, doing)
}
