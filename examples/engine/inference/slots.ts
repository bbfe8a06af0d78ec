/** A fixed number of places to compute in; who finds none free waits in line, first come first served. */
export interface Slots<T> {
  readonly active: number
  readonly queued: number
  /** Null when the signal aborted before a place was free: the caller holds nothing then. */
  acquire(signal: AbortSignal): Promise<T | null>
  release(slot: T): void
}

export function createSlots<T>(all: readonly T[]): Slots<T> {
  const free = [...all]
  const waiting = new Set<(slot: T) => void>()
  return {
    get active() {
      return all.length - free.length
    },
    get queued() {
      return waiting.size
    },
    acquire(signal) {
      if (signal.aborted) return Promise.resolve(null)
      const slot = free.pop()
      if (slot !== undefined) return Promise.resolve(slot)
      return new Promise((resolve) => {
        const take = (released: T): void => {
          signal.removeEventListener('abort', giveUp)
          resolve(released)
        }
        const giveUp = (): void => {
          waiting.delete(take)
          resolve(null)
        }
        waiting.add(take)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
    release(slot) {
      const [next] = waiting
      if (next === undefined) {
        free.push(slot)
        return
      }
      waiting.delete(next)
      next(slot)
    },
  }
}
