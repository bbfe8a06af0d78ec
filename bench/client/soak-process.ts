import { median } from 'simple-statistics'
import { loadReference, type ReferenceLoad } from '../../src/load/calibration/index.ts'
import type { RequestRecord } from '../../src/model/request.ts'
import { MemorySampler, type MemoryUse } from './memory.ts'
import { Ticker } from './ticker.ts'

/** What the load client's process says after each slice. */
export interface SliceRun {
  readonly records: readonly RequestRecord[]
  readonly memory: MemoryUse
  /** TCP sockets of the process once the slice is over. */
  readonly socketsLeft: number
  readonly tickLateMedianMs: number
}

const settleMs = 100

/**
 * The load client alone, so that what it holds is not mixed with what the soak needs to judge it. The server's address
 * is its first argument; each load that is sent to it is one slice. Ends when its parent lets go.
 */
const [, , origin = ''] = process.argv
const { signal } = new AbortController()
const ticker = new Ticker()
process.on('message', (load: ReferenceLoad) => void runSlice(load))
process.on('disconnect', () => ticker.stop())

async function runSlice(load: ReferenceLoad): Promise<void> {
  const ticksBefore = ticker.latenessMs.length
  const sampler = new MemorySampler()
  const { records } = await loadReference({ origin }, load, signal)
  const memory = sampler.stop()
  await new Promise((resolve) => setTimeout(resolve, settleMs))
  const run: SliceRun = {
    records,
    memory,
    socketsLeft: process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length,
    tickLateMedianMs: median(ticker.latenessMs.slice(ticksBefore)),
  }
  process.send?.(run)
}
