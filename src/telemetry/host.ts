import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import type { HostSummary } from '../model/telemetry.ts'
import { type CpuTicks, type OwnTicks, readCpuTicks, readOwnTicks, ticksToSeconds } from './processor-time.ts'

const bytesPerMiB = 1024 ** 2

export interface HostSamplerOptions {
  readonly serverRssMiB: () => number | null
  /** Leaders of the servers' process groups. */
  readonly serverGroups: () => readonly number[]
  readonly intervalMs: number
}

/** Watches the machine and our own process from now on. `stop` takes the final look, while the server still runs. */
export function startHostSampler({ serverRssMiB, serverGroups, intervalMs }: HostSamplerOptions) {
  const cpuBefore = process.cpuUsage()
  const before: Look = { machine: readCpuTicks(), own: readOwnTicks(serverGroups()) }
  let rssMiB: number | null = null
  let clientRssBytes = 0
  const look = () => {
    const now = serverRssMiB()
    if (now !== null) rssMiB = Math.max(rssMiB ?? 0, now)
    clientRssBytes = Math.max(clientRssBytes, process.memoryUsage.rss())
  }
  look()
  const timer = setInterval(look, intervalMs)
  timer.unref()
  return {
    stop: (): HostSummary => {
      clearInterval(timer)
      look()
      const cpu = process.cpuUsage(cpuBefore)
      const after: Look = { machine: readCpuTicks(), own: readOwnTicks(serverGroups()) }
      return {
        loadAverage1m: loadavg()[0] ?? 0,
        clientCpuSeconds: (cpu.user + cpu.system) / 1e6,
        serverCpuSeconds: serverSeconds(before.own, after.own),
        otherCpuFraction: otherFraction(before, after),
        stealFraction: stealBetween(before.machine, after.machine),
        serverRssMiB: rssMiB,
        clientRssMiB: clientRssBytes / bytesPerMiB,
        cpuGovernor: readGovernor(),
      }
    },
  }
}

interface Look {
  readonly machine: CpuTicks | null
  readonly own: OwnTicks | null
}

/** Share of the machine's CPU time that the hypervisor gave to others; null where it is not counted. */
export function stealBetween(before: CpuTicks | null, after: CpuTicks | null): number | null {
  if (before === null || after === null || !(after.total > before.total)) return null
  // Kernels have let the counter fall back by a little.
  return Math.max(0, after.steal - before.steal) / (after.total - before.total)
}

/** Share of the machine's CPU time that went to neither us nor the server; null where one of them is not known. */
export function otherFraction(before: Look, after: Look): number | null {
  const server = serverTicks(before.own, after.own)
  if (!before.machine || !after.machine || !before.own || !after.own || server === null) return null
  const total = after.machine.total - before.machine.total
  if (!(total > 0)) return null
  const busy = after.machine.busy - before.machine.busy
  const others = busy - server - (after.own.client - before.own.client)
  // Ticks of processes and of the machine are rounded apart.
  return Math.min(1, Math.max(0, others / total))
}

function serverSeconds(before: OwnTicks | null, after: OwnTicks | null): number | null {
  const ticks = serverTicks(before, after)
  return ticks === null ? null : ticksToSeconds(ticks)
}

function serverTicks(before: OwnTicks | null, after: OwnTicks | null): number | null {
  const until = after?.servers ?? null
  return until === null ? null : Math.max(0, until - (before?.servers ?? 0))
}

function readGovernor(): string | null {
  try {
    return readFileSync('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor', 'utf8').trim() || null
  } catch {
    return null
  }
}
