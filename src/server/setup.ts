import { ActionError } from '../errors.ts'
import { describeExit } from './child-exit.ts'
import { launch } from './launch.ts'
import { readTail, tailLines } from './log-tail.ts'
import { endTree } from './process-tree.ts'
import { assertNotCancelled, cancelledError } from './waiting.ts'

export interface SetupOptions {
  readonly command: string
  readonly root: string
  readonly workingDirectory: string
  readonly logFile: string
  readonly marker: string
  readonly signal: AbortSignal
  readonly env: Readonly<Record<string, string>>
}

const cancelGraceMs = 1500

/**
 * Runs a side's setup command to its end. What it leaves running on purpose (a build daemon) stays until the end of
 * the job, when it is found by the marker.
 *
 * @throws ActionError `invalid` with the end of its output when it fails, `cancelled` when the signal fires.
 */
export async function runSetup(options: SetupOptions): Promise<{ readonly durationMs: number }> {
  const { signal, logFile } = options
  assertNotCancelled(signal, 'the setup command ran')
  const startedMs = performance.now()
  const launched = await launch(options)
  let onCancel = () => {}
  const cancelled = new Promise<'cancelled'>((resolve) => {
    onCancel = () => resolve('cancelled')
    signal.addEventListener('abort', onCancel, { once: true })
  })
  const end = await Promise.race([launched.exit, cancelled])
  signal.removeEventListener('abort', onCancel)
  if (end === 'cancelled') {
    await endTree(launched.pid, launched.startId, cancelGraceMs)
    throw cancelledError(signal, 'the setup command ran')
  }
  const durationMs = performance.now() - startedMs
  if (end.exitCode === 0) return { durationMs }
  throw new ActionError(
    'invalid',
    `The setup command \`${options.command}\` ${describeExit(end)} after ${(durationMs / 1000).toFixed(1)} s.`,
    `Run it by hand in a fresh checkout of this commit. Its last ${tailLines} lines:\n${readTail(logFile)}`,
  )
}
