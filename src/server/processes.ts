import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** A line of the process table. Only Linux has one that can be read without starting a program. */
export interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly group: number
  /** Clock ticks since boot; with the pid it identifies a process for ever. */
  readonly startTime: string
  readonly isZombie: boolean
}

/** True where processes, their environment and their sockets can be read from /proc. */
export const hasProcessTable = process.platform === 'linux'

/**
 * One process; null when it is gone or cannot be read.
 * The command's name may hold spaces and parentheses, so fields count from the last parenthesis: proc_pid_stat(5).
 */
export function readProcess(pid: number): ProcessEntry | null {
  const stat = readProc(`${pid}/stat`)
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, parent, group] = fields
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    startTime: fields[19] ?? '',
    isZombie: state === 'Z' || state === 'X',
  }
}

/** Every process that still runs. Zombies are left out: they hold nothing, and only their parent can remove them. */
export function listProcesses(): ProcessEntry[] {
  return listPids().flatMap((pid) => {
    const entry = readProcess(pid)
    return entry && !entry.isZombie ? [entry] : []
  })
}

/** Live members of a process group. */
export function groupMembers(group: number): number[] {
  return listProcesses()
    .filter((entry) => entry.group === group)
    .map((entry) => entry.pid)
}

/** Live processes of this user whose environment holds `name=value`, ourselves left out. */
export function processesWithVariable(name: string, value: string): number[] {
  if (!hasProcessTable) return []
  return listPids().filter((pid) => pid !== process.pid && readVariable(pid, name) === value && isRunning(pid))
}

/** A variable of the environment that a process was started with; null when it has none or may not be read. */
export function readVariable(pid: number, name: string): string | null {
  const entry = readProc(`${pid}/environ`)
    ?.split('\0')
    .find((candidate) => candidate.startsWith(`${name}=`))
  return entry === undefined ? null : entry.slice(name.length + 1)
}

/** The command line for a person, cut to a readable length; null when it cannot be read. */
export function readCommand(pid: number): string | null {
  const line = readProc(`${pid}/cmdline`)?.replaceAll('\0', ' ').trim()
  return line ? line.slice(0, 120) : (readProc(`${pid}/comm`)?.trim() ?? null)
}

/** Resident memory in MiB; null when the process is gone or the system does not say. */
export function readRssMiB(pid: number): number | null {
  const kilobytes = readProc(`${pid}/status`)?.match(/^VmRSS:\s+(\d+) kB$/m)?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) / 1024
}

/**
 * When a process started, as an opaque text that tells it from a later process with the same pid.
 * Empty where the system does not say.
 */
export function startTimeOf(pid: number): string {
  if (hasProcessTable) return readProcess(pid)?.startTime ?? ''
  if (process.platform === 'win32') return ''
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 2000 }).trim()
  } catch {
    return ''
  }
}

/** True while a process (or, with a negative number, anything in the group) exists and is more than a zombie. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  if (!hasProcessTable) return true
  return pid < 0 ? groupMembers(-pid).length > 0 : readProcess(pid)?.isZombie === false
}

export function listPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function readProc(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return null
  }
}
