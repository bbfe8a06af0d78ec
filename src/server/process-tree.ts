import treeKill from 'tree-kill'
import { startVariable } from './child-environment.ts'
import { groupMembers, hasProcessTable, isRunning, processesWithVariable, readCommand } from './processes.ts'
import { waitUntil } from './waiting.ts'

const killWaitMs = 5000

/**
 * Ends a child that leads its own process group, with all that it started: SIGTERM, the grace, SIGKILL. Returns once
 * nothing is left. On Linux also those that left the group are found, by the id in their environment; on Windows there
 * are no groups and no SIGTERM, so the tree is killed at once.
 *
 * @returns what could not be ended, as `pid (command)`; empty is the rule.
 */
export async function endTree(leader: number, startId: string, graceMs: number): Promise<readonly string[]> {
  if (process.platform === 'win32') return endWindowsTree(leader)
  const strays = processesWithVariable(startVariable, startId)
  const isGone = () => !isRunning(-leader) && !strays.some(isRunning)
  if (!isGone()) {
    signalAll(leader, strays, 'SIGTERM')
    await waitUntil(isGone, graceMs)
  }
  const left = () => [...new Set([...remainingOfGroup(leader), ...processesWithVariable(startVariable, startId)])]
  // A process may be born between the look and the kill, so both are repeated until a look finds nothing.
  await waitUntil(() => {
    const found = left()
    if (found.length > 0) signalAll(leader, found, 'SIGKILL')
    return found.length === 0
  }, killWaitMs)
  return left().map((pid) => `${pid} (${readCommand(pid) ?? 'unknown command'})`)
}

function remainingOfGroup(leader: number): number[] {
  if (hasProcessTable) return groupMembers(leader)
  return isRunning(-leader) ? [leader] : []
}

function signalAll(leader: number, pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of [-leader, ...pids]) sendSignal(pid, signal)
}

/** Sends a signal; a process that has ended in the meantime is what was wanted. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}

async function endWindowsTree(leader: number): Promise<readonly string[]> {
  await new Promise<void>((resolve) => treeKill(leader, 'SIGKILL', () => resolve()))
  return (await waitUntil(() => !isRunning(leader), killWaitMs)) ? [] : [String(leader)]
}
