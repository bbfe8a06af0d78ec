import { monotonicMs } from './clock.ts'

/** Something that is due at a moment of the monotonic clock, once or again and again. */
export interface Task {
  dueMs: number
  /** Does it; true: again at the new `dueMs`. */
  run(): boolean
}

/**
 * Timers of the system are late by up to two milliseconds: sleep until that long before, then look at the clock in
 * every turn of the event loop, which goes on receiving meanwhile.
 */
const watchMs = 2
/** Requests that arrive must not wait until everybody who is due has been served. */
const mostPerTurn = 16

/** Runs tasks at absolute times, so that lateness never adds up. */
export class Schedule {
  /** Binary heap, the earliest first. */
  readonly #heap: Task[] = []
  #timer: NodeJS.Timeout | undefined
  #timerDueMs = Number.POSITIVE_INFINITY
  #immediate: NodeJS.Immediate | undefined

  add(task: Task): void {
    this.#push(task)
    this.#arm()
  }

  /** Forgets all tasks. */
  clear(): void {
    this.#heap.length = 0
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
    this.#timer = undefined
    this.#immediate = undefined
  }

  readonly #turn = (): void => {
    this.#immediate = undefined
    for (let done = 0; done < mostPerTurn; done += 1) {
      const next = this.#heap[0]
      if (next === undefined || next.dueMs > monotonicMs()) break
      if (next.run()) this.#sink(0)
      else this.#removeFirst()
    }
    this.#arm()
  }

  readonly #wake = (): void => {
    this.#timer = undefined
    if (this.#immediate === undefined) this.#turn()
  }

  #arm(): void {
    const next = this.#heap[0]
    if (next === undefined || this.#immediate !== undefined) return
    const waitMs = next.dueMs - monotonicMs()
    if (waitMs <= watchMs + 1) {
      this.#immediate = setImmediate(this.#turn)
      return
    }
    if (this.#timer !== undefined && this.#timerDueMs <= next.dueMs) return
    clearTimeout(this.#timer)
    this.#timerDueMs = next.dueMs
    this.#timer = setTimeout(this.#wake, Math.floor(waitMs - watchMs))
  }

  #push(task: Task): void {
    const heap = this.#heap
    let at = heap.push(task) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      const above = heap[parent] as Task
      if (above.dueMs <= task.dueMs) break
      heap[at] = above
      at = parent
    }
    heap[at] = task
  }

  #removeFirst(): void {
    const last = this.#heap.pop()
    if (last === undefined || this.#heap.length === 0) return
    this.#heap[0] = last
    this.#sink(0)
  }

  #sink(from: number): void {
    const heap = this.#heap
    const task = heap[from] as Task
    let at = from
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && (heap[child + 1] as Task).dueMs < (heap[child] as Task).dueMs) child += 1
      const below = heap[child] as Task
      if (below.dueMs >= task.dueMs) break
      heap[at] = below
      at = child
    }
    heap[at] = task
  }
}
