import { readFileSync } from 'node:fs'
import { hasProcessTable, listPids } from '../server/processes.ts'

/** Linux counts in hundredths of a second wherever Node runs: sysconf(_SC_CLK_TCK). */
const ticksPerSecond = 100

/** The machine's CPU time since boot, in ticks over all cores. */
export interface CpuTicks {
  readonly total: number
  /** Neither idle, nor waiting for a disk, nor given to another machine. */
  readonly busy: number
  readonly steal: number
}

/** The first line of /proc/stat: user nice system idle iowait irq softirq steal; guest time is within user: proc_stat(5). */
export function parseCpuTicks(stat: string): CpuTicks | null {
  const ticks = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').slice(0, 8).map(Number)
  const [, , , idle, iowait, , , steal] = ticks ?? []
  if (ticks === undefined || steal === undefined || ticks.some(Number.isNaN)) return null
  const total = ticks.reduce((sum, value) => sum + value, 0)
  return { total, busy: total - (idle ?? 0) - (iowait ?? 0) - steal, steal }
}

/** Null where the system does not say. */
export function readCpuTicks(): CpuTicks | null {
  const stat = readText('/proc/stat')
  return stat === null ? null : parseCpuTicks(stat)
}

/** CPU ticks of ourselves and of the servers, up to now. */
export interface OwnTicks {
  /** Our process, its children that have ended, and those that run and are no server (nvidia-smi). */
  readonly client: number
  /** All live members of the servers' process groups, and their children that have ended; null when there are none. */
  readonly servers: number | null
}

/** A walk over all processes: a few milliseconds, so not for the time of the measurement. Null: not on this system. */
export function readOwnTicks(serverGroups: readonly number[]): OwnTicks | null {
  if (!hasProcessTable) return null
  const entries = listPids().flatMap((pid) => parseProcessTicks(pid, readText(`/proc/${pid}/stat`)) ?? [])
  const servers = entries.filter(({ group }) => serverGroups.includes(group))
  const ours = entries.filter(
    ({ pid, parent, group }) => !serverGroups.includes(group) && (pid === process.pid || parent === process.pid),
  )
  return { client: sumOf(ours), servers: servers.length === 0 ? null : sumOf(servers) }
}

interface ProcessTicks {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly ticks: number
}

/** Fields count from the last parenthesis, since a command's name may hold anything: proc_pid_stat(5). */
export function parseProcessTicks(pid: number, stat: string | null): ProcessTicks | null {
  if (stat === null) return null
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // utime, stime, and the same of children that were waited for: fields 14 to 17 of the whole line.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return Number.isNaN(ticks) ? null : { pid, parent: Number(fields[1]), group: Number(fields[2]), ticks }
}

function sumOf(entries: readonly ProcessTicks[]): number {
  return entries.reduce((sum, { ticks }) => sum + ticks, 0)
}

export function ticksToSeconds(ticks: number): number {
  return ticks / ticksPerSecond
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
