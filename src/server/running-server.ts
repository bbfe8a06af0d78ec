import { ActionError } from '../errors.ts'
import type { ChildExit } from './child-exit.ts'
import { groupMemory } from './group-memory.ts'
import type { Launched } from './launch.ts'
import { readTail } from './log-tail.ts'
import { describeHolder, waitUntilPortFree } from './port.ts'
import { findPortHolder } from './port-holder.ts'
import { endTree } from './process-tree.ts'

/** How the server ended by itself. `tail` is quoted: safe to print in a job's log. */
export interface ServerDeath extends ChildExit {
  readonly tail: string
}

export interface StopOptions {
  /** The job is being cancelled: the runner kills us 7.5 s after its first signal, so the grace is short. */
  readonly hurry?: boolean
}

export interface RunningServer {
  /** `http://127.0.0.1:8000` */
  readonly origin: string
  readonly port: number
  /** Leader of the server's process group. */
  readonly pid: number
  /** Spawn to the first successful one-token request. */
  readonly startupMs: number
  /** Resolves at once on an exit that stop() did not ask for; stays pending otherwise. Never rejects. */
  readonly died: Promise<ServerDeath>
  /**
   * SIGTERM to the whole group, the grace, SIGKILL; returns once nothing is left and the port is free. May be called
   * again: every call gets the first one's result.
   *
   * @throws ActionError `invalid` when a process or the port could not be freed.
   */
  stop(options?: StopOptions): Promise<{ readonly stopMs: number }>
  /** Last lines of the server's output, quoted: safe to print in a job's log. */
  tail(lines?: number): string
  /** Resident memory of the whole process group; pages shared between its processes count in each. Null: unknown. */
  rssMiB(): number | null
}

const hurriedGraceMs = 1500

/** What ends a launched server for good. The grace is configured; a hurried stop has a shorter one. */
export function createStop(
  launched: Launched,
  port: number,
  graceMs: number,
): (options?: StopOptions) => Promise<{ readonly stopMs: number }> {
  let stopped: Promise<{ readonly stopMs: number }> | undefined
  return (options = {}) => {
    stopped ??= stopOnce(launched, port, options.hurry ? Math.min(graceMs, hurriedGraceMs) : graceMs)
    return stopped
  }
}

async function stopOnce(launched: Launched, port: number, graceMs: number): Promise<{ readonly stopMs: number }> {
  const startedMs = performance.now()
  const left = await endTree(launched.pid, launched.startId, graceMs)
  if (left.length > 0) {
    throw new ActionError(
      'invalid',
      `The server could not be ended: still running after SIGKILL: ${left.join(', ')}.`,
      'A process that SIGKILL does not end hangs in a driver. Look at the GPU driver of this machine, or restart it.',
    )
  }
  await launched.exit
  if (!(await waitUntilPortFree(port))) {
    throw new ActionError(
      'invalid',
      `The server has ended, but port ${port} is still in use${describeHolder(findPortHolder(port))}.`,
      'Another process listens there. End it, or let the action choose a port: `port: auto`.',
    )
  }
  return { stopMs: performance.now() - startedMs }
}

/** A launched server that has shown itself ready, as the rest of the product sees it. */
export function describeRunning(
  launched: Launched,
  options: { readonly port: number; readonly logFile: string; readonly startupMs: number; readonly graceMs: number },
): RunningServer {
  const { port, logFile, startupMs } = options
  const stop = createStop(launched, port, options.graceMs)
  let isStopping = false
  const died = new Promise<ServerDeath>((resolve) => {
    void launched.exit.then((exit) => {
      if (!isStopping) resolve({ ...exit, tail: readTail(logFile) })
    })
  })
  return {
    origin: originOf(port),
    port,
    pid: launched.pid,
    startupMs,
    died,
    stop: (how) => {
      isStopping = true
      return stop(how)
    },
    tail: (lines) => readTail(logFile, lines),
    rssMiB: groupMemory(launched.pid),
  }
}

export function originOf(port: number): string {
  return `http://127.0.0.1:${port}`
}
