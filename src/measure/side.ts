import { join } from 'node:path'
import type { ServerConfig } from '../model/config.ts'
import type { Side } from '../model/trial.ts'
import { runSetup } from '../server/index.ts'

/** One side that can be measured: a checkout with its own way to start the server. */
export interface MeasuredSide {
  readonly side: Side
  /** Full sha; null for a work tree with uncommitted changes. */
  readonly commit: string | null
  /** Root of the checkout. */
  readonly root: string
  readonly server: ServerConfig
}

export interface SetupSurroundings {
  readonly marker: string
  readonly signal: AbortSignal
  readonly logDirectory: string
  readonly onSetup: (durationMs: number) => void
}

/**
 * A side that is prepared when it is first asked for, and once only: `locate` finds or makes its checkout, then its own
 * setup command runs there. A failed preparation fails every later call the same way.
 */
export function preparedOnce(
  locate: () => Promise<MeasuredSide>,
  around: SetupSurroundings,
): () => Promise<MeasuredSide> {
  let prepared: Promise<MeasuredSide> | undefined
  return () => {
    prepared ??= locate().then(async (side) => {
      if (side.server.setup === null) return side
      const { durationMs } = await runSetup({
        command: side.server.setup,
        root: side.root,
        workingDirectory: side.server.workingDirectory,
        env: side.server.env,
        logFile: join(around.logDirectory, side.side, 'setup.log'),
        marker: around.marker,
        signal: around.signal,
      })
      around.onSetup(durationMs)
      return side
    })
    return prepared
  }
}
