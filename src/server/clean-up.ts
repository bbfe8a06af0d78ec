import { runVariable } from './child-environment.ts'
import type { OwnedProcess } from './owned.ts'
import { sendSignal } from './process-tree.ts'
import {
  groupMembers,
  hasProcessTable,
  isRunning,
  processesWithVariable,
  readCommand,
  startTimeOf,
} from './processes.ts'
import { waitUntil } from './waiting.ts'

const endWaitMs = 3000

/**
 * For the end of the job, after whatever happened to the main step: kills what is left of what we started. A process
 * is only touched when it is surely ours: the group of a leader whose start time is the recorded one, or (Linux) a
 * process whose environment holds the marker.
 *
 * @returns what was found, as sentences; empty is the rule. Never throws for a process that cannot be ended.
 */
export async function cleanUp(owned: readonly OwnedProcess[], markers: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  const allMarkers = [...new Set([...markers, ...owned.map(({ marker }) => marker)])].filter((marker) => marker !== '')
  // A process may start another one while it is being killed, so the look is repeated until it finds nothing.
  await waitUntil(() => {
    const groups = owned.filter(isStillOurs).map(({ pid }) => pid)
    const marked = allMarkers.flatMap((marker) => processesWithVariable(runVariable, marker))
    const pids = new Set([...groups, ...groups.flatMap(membersOf), ...marked])
    for (const pid of pids) note(found, pid)
    for (const group of groups) sendSignal(process.platform === 'win32' ? group : -group, 'SIGKILL')
    for (const pid of marked) sendSignal(pid, 'SIGKILL')
    return pids.size === 0
  }, endWaitMs)
  return [...found, ...owned.flatMap(unidentified)]
}

function isStillOurs({ pid, startedAt }: OwnedProcess): boolean {
  return startedAt !== '' && isRunning(pid) && startTimeOf(pid) === startedAt
}

function membersOf(group: number): number[] {
  return hasProcessTable ? groupMembers(group) : []
}

function note(found: string[], pid: number): void {
  const prefix = `Process ${pid} (`
  if (found.some((sentence) => sentence.startsWith(prefix))) return
  found.push(`${prefix}${readCommand(pid) ?? 'unknown command'}) was still running and was killed.`)
}

function unidentified({ pid, startedAt }: OwnedProcess): string[] {
  if (startedAt !== '' || !isRunning(pid)) return []
  return [`Process ${pid} has the number of a server that was started here and may be it; it was left alone.`]
}
