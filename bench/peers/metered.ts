import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sendSignal } from '../../src/server/process-tree.ts'
import { groupMembers, hasProcessTable } from '../../src/server/processes.ts'

export interface MeteredCommand {
  /** Any Python 3: it runs the meter. */
  readonly python: string
  readonly command: readonly string[]
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly timeLimitSeconds: number
}

export interface Metered {
  /** Null: ended at the time limit. */
  readonly exitCode: number | null
  readonly cpuSeconds: number | null
  readonly memoryPeakMiB: number | null
  readonly wallSeconds: number
  readonly tail: string
}

const meter = join(import.meta.dirname, 'meter.py')
const memoryEveryMs = 500
const tailLength = 2000

/** Runs a command in a process group of its own and says what it cost. Nothing of the group is left afterwards. */
export async function runMetered(order: MeteredCommand): Promise<Metered> {
  const result = join(order.folder, 'meter.json')
  const startedMs = performance.now()
  const child = spawn(order.python, [meter, result, ...order.command], {
    cwd: order.folder,
    env: order.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await once(child, 'spawn')
  const group = Number(child.pid)
  let tail = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-tailLength)
    })
  }
  const peakMemoryMiB = watchMemory(group)
  let isLate = false
  const limit = setTimeout(() => {
    isLate = true
    sendSignal(-group, 'SIGKILL')
  }, order.timeLimitSeconds * 1000)
  await once(child, 'close')
  clearTimeout(limit)
  const wallSeconds = (performance.now() - startedMs) / 1000
  const usage = isLate ? { exitCode: null, cpuSeconds: null } : readUsage(result)
  sendSignal(-group, 'SIGKILL')
  return { ...usage, memoryPeakMiB: peakMemoryMiB(), wallSeconds, tail }
}

/** Looks at a process group's memory until it is asked for the largest that it saw; null where it cannot be seen. */
function watchMemory(group: number): () => number | null {
  let peakMiB: number | null = null
  const timer = setInterval(() => {
    const nowMiB = groupMemoryMiB(group)
    if (nowMiB !== null) peakMiB = Math.max(peakMiB ?? 0, nowMiB)
  }, memoryEveryMs)
  return () => {
    clearInterval(timer)
    return peakMiB
  }
}

function readUsage(file: string): { exitCode: number; cpuSeconds: number } {
  return JSON.parse(readFileSync(file, 'utf8')) as { exitCode: number; cpuSeconds: number }
}

/** Proportional set size: memory that a fork shares with its parent counts once. */
function groupMemoryMiB(group: number): number | null {
  if (!hasProcessTable) return null
  const kilobytes = groupMembers(group).map((pid) => {
    try {
      return Number(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+) kB$/m)?.[1] ?? 0)
    } catch {
      return 0
    }
  })
  return kilobytes.reduce((sum, size) => sum + size, 0) / 1024
}
