import { runVariable } from '../server/child-environment.ts'
import { readProcess, readVariable } from '../server/processes.ts'
import { readNumber } from './nvidia-smi.ts'

export const computeAppFields = ['pid', 'process_name', 'used_memory']

export interface ComputeApp {
  readonly pid: number
  readonly name: string
  readonly memoryMiB: number | null
}

/** A line of `--query-compute-apps`; null when it is none. A name may hold commas. */
export function parseComputeApp(line: string): ComputeApp | null {
  const cells = line.split(',').map((cell) => cell.trim())
  const pid = readNumber(cells[0])
  if (cells.length < computeAppFields.length || pid === null || pid <= 0) return null
  return { pid, name: cells.slice(1, -1).join(','), memoryMiB: readNumber(cells.at(-1)) }
}

/**
 * True when a process on the GPU is surely not one of ours. A pid that this system does not know (it has ended, or
 * belongs to another container's numbering) accuses nobody, and neither does Windows, which lists every window that
 * draws and does not tell whose child a process is.
 */
export function isForeign(app: ComputeApp, owned: readonly number[]): boolean {
  const entry = readProcess(app.pid)
  if (entry === null || entry.isZombie) return false
  return !owned.some(
    (pid) => pid === entry.pid || pid === entry.group || isDescendant(app.pid, pid) || isSameRun(app.pid, pid),
  )
}

/** `python train.py (pid 123, 2048 MiB)` */
export function describeApp({ pid, name, memoryMiB }: ComputeApp): string {
  return `${name} (pid ${pid}, ${memoryMiB === null ? 'memory unknown' : `${memoryMiB} MiB`})`
}

function isDescendant(pid: number, ancestor: number): boolean {
  for (let entry = readProcess(pid); entry && entry.parent > 0; entry = readProcess(entry.parent)) {
    if (entry.parent === ancestor) return true
  }
  return false
}

function isSameRun(pid: number, ownedPid: number): boolean {
  const run = readVariable(ownedPid, runVariable)
  return run !== null && readVariable(pid, runVariable) === run
}
