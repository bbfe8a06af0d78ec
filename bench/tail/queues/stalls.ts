/** Times at which a server does something else (garbage collection, a checkpoint, a neighbour) and all work stands still. */
export interface Stalls {
  /** From the start of one to the start of the next. */
  readonly everyMs: number
  readonly lengthMs: number
}

export const noStalls: Stalls = { everyMs: Number.POSITIVE_INFINITY, lengthMs: 0 }

/** When work that begins at `fromMs` is done: nothing happens during a stall. The first stall is at `everyMs`. */
export function finishMs(fromMs: number, workMs: number, { everyMs, lengthMs }: Stalls): number {
  if (everyMs === Number.POSITIVE_INFINITY) return fromMs + workMs
  const since = fromMs % everyMs
  const isStalled = fromMs >= everyMs && since < lengthMs
  let at = isStalled ? fromMs - since + lengthMs : fromMs
  let left = workMs
  for (;;) {
    const nextStall = (Math.floor(at / everyMs) + 1) * everyMs
    if (at + left <= nextStall) return at + left
    left -= nextStall - at
    at = nextStall + lengthMs
  }
}
