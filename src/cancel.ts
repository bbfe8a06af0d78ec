import { ActionError } from './errors.ts'

/**
 * Turns the first SIGINT or SIGTERM into an abort, so that every await unwinds through its `finally`. A runner sends
 * SIGINT to this process alone, SIGTERM 7.5 s later and SIGKILL after 2.5 s more.
 */
export function abortOnSignal(): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController()
  const abort = (name: NodeJS.Signals) =>
    controller.abort(
      new ActionError(
        'cancelled',
        `The run was cancelled (${name}).`,
        'Trials that were finished are in the recording.',
      ),
    )
  process.on('SIGINT', abort)
  process.on('SIGTERM', abort)
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', abort)
      process.off('SIGTERM', abort)
    },
  }
}
