import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import type { TelemetrySummary } from '../model/telemetry.ts'

interface CpuTicks {
  readonly total: number
  readonly steal: number
}

/** Watches the machine and our own process from now on. `stop` takes the final look. */
export function startHostSampler(serverRssMiB: () => number | null, intervalMs: number) {
  const cpuBefore = process.cpuUsage()
  const ticksBefore = readCpuTicks()
  let rssMiB: number | null = null
  const look = () => {
    const now = serverRssMiB()
    if (now !== null) rssMiB = Math.max(rssMiB ?? 0, now)
  }
  look()
  const timer = setInterval(look, intervalMs)
  timer.unref()
  return {
    stop: (): TelemetrySummary['host'] => {
      clearInterval(timer)
      look()
      const cpu = process.cpuUsage(cpuBefore)
      return {
        loadAverage1m: loadavg()[0] ?? 0,
        clientCpuSeconds: (cpu.user + cpu.system) / 1e6,
        stealFraction: stealBetween(ticksBefore, readCpuTicks()),
        serverRssMiB: rssMiB,
      }
    },
  }
}

/** Share of the machine's CPU time that the hypervisor gave to others; null where it is not counted. */
export function stealBetween(before: CpuTicks | null, after: CpuTicks | null): number | null {
  if (before === null || after === null || !(after.total > before.total)) return null
  // Kernels have let the counter fall back by a little.
  return Math.max(0, after.steal - before.steal) / (after.total - before.total)
}

/** The first line of /proc/stat: user nice system idle iowait irq softirq steal; guest time is within user: proc_stat(5). */
export function parseCpuTicks(stat: string): CpuTicks | null {
  const ticks = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').slice(0, 8).map(Number)
  const steal = ticks?.[7]
  if (ticks === undefined || steal === undefined || ticks.some(Number.isNaN)) return null
  return { total: ticks.reduce((sum, value) => sum + value, 0), steal }
}

function readCpuTicks(): CpuTicks | null {
  try {
    return parseCpuTicks(readFileSync('/proc/stat', 'utf8'))
  } catch {
    return null
  }
}
