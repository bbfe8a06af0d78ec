/**
 * Lets all running requests take each step together, so that one forward pass holds a token of every one of them.
 * Without it the batches split into whichever requests came back first, and newcomers wait behind half-filled passes.
 */
export interface StepBarrier {
  /** Waits for the next step edge, and takes part from then on. */
  join(): Promise<void>
  /** Ends this step and waits for all others to end theirs. */
  step(): Promise<void>
  /** Takes part no longer. Every `join` that returned needs exactly one. */
  leave(): void
}

/**
 * Invariant: a participant is either counted in `running` or parked. The parked ones are released together once none is
 * running; a turn of the event loop in between lets requests that just arrived join the same step.
 */
export function createBarrier(): StepBarrier {
  let running = 0
  let parked: (() => void)[] = []
  let scheduled = false

  const releaseAll = (): void => {
    scheduled = false
    if (running > 0) return
    const released = parked
    parked = []
    running = released.length
    for (const release of released) release()
  }
  const releaseWhenIdle = (): void => {
    if (running > 0 || parked.length === 0 || scheduled) return
    scheduled = true
    setImmediate(releaseAll)
  }
  const park = (): Promise<void> =>
    new Promise((resolve) => {
      parked.push(resolve)
      releaseWhenIdle()
    })

  return {
    join: park,
    step() {
      running--
      return park()
    },
    leave() {
      running--
      releaseWhenIdle()
    },
  }
}

/** Every request for itself. */
export const noBarrier: StepBarrier = {
  join: async () => {},
  step: async () => {},
  leave: () => {},
}
