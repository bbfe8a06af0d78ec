import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'

export interface ChildExit {
  readonly exitCode: number | null
  readonly signal: string | null
}

/**
 * Resolves once the child has ended; never rejects. A shell reports a command that was killed as 128 + the signal's
 * number, so behind a shell that number is read back as the signal.
 */
export function exitOf(child: ChildProcess, isShell: boolean): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('exit', (exitCode, signal) => {
      resolve({ exitCode, signal: signal ?? (isShell && exitCode !== null ? signalBehind(exitCode) : null) })
    })
  })
}

/** `exited with code 3`, `was killed by SIGKILL`. */
export function describeExit({ exitCode, signal }: ChildExit): string {
  return signal === null ? `exited with code ${exitCode}` : `was killed by ${signal}`
}

function signalBehind(exitCode: number): string | null {
  return Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0] ?? null
}
