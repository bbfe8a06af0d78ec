import { median } from 'simple-statistics'

const sampleEveryMs = 1000
const bytesPerMiB = 2 ** 20

/** What a process held over a while, MiB. */
export interface MemoryUse {
  /** Resident, as the system counts it: heap, buffers, code, and what the allocator keeps for later. Median. */
  readonly rssMiB: number
  /** Live objects and garbage together, so the least of it is the nearest to what is alive. */
  readonly heapLeastMiB: number
  /** What the engine has reserved for objects. Median. */
  readonly heapReservedMiB: number
  /** Buffers outside the heap. Median. */
  readonly externalMiB: number
}

/** Samples this process once a second, so that a leak, a heap that grows to its size and an allocator can be told apart. */
export class MemorySampler {
  readonly #samples: NodeJS.MemoryUsage[] = [process.memoryUsage()]
  readonly #timer = setInterval(() => this.#samples.push(process.memoryUsage()), sampleEveryMs)

  stop(): MemoryUse {
    clearInterval(this.#timer)
    const of = (value: keyof NodeJS.MemoryUsage): number[] => this.#samples.map((sample) => sample[value] / bytesPerMiB)
    return {
      rssMiB: median(of('rss')),
      heapLeastMiB: Math.min(...of('heapUsed')),
      heapReservedMiB: median(of('heapTotal')),
      externalMiB: median(of('external')),
    }
  }
}
