import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createBarrier } from '../../../examples/engine/inference/barrier.ts'

/** Long enough for everything that can be released to be released. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn()
}

describe('the step barrier', () => {
  it('lets participants of different lengths advance in lockstep, each to its own end', async () => {
    const barrier = createBarrier()
    const steps = new Map<string, number>()
    let widestGap = 0
    const run = async (name: string, total: number): Promise<void> => {
      await barrier.join()
      for (let step = 1; step <= total; step++) {
        steps.set(name, step)
        const running = [...steps.values()]
        widestGap = Math.max(widestGap, Math.max(...running) - Math.min(...running))
        // Uneven work between steps must not let anyone run ahead.
        for (let turn = 0; turn < (name.charCodeAt(0) + step) % 4; turn++) await nextTurn()
        if (step < total) await barrier.step()
      }
      steps.delete(name)
      barrier.leave()
    }
    await Promise.all([run('a', 3), run('b', 20), run('c', 11), run('d', 20)])
    expect(widestGap).toBe(1)
  })

  it('takes a newcomer in at the next edge, not in the middle of a step', async () => {
    const barrier = createBarrier()
    await barrier.join()
    let joined = false
    const newcomer = barrier.join().then(() => {
      joined = true
    })
    await settle()
    expect(joined).toBe(false)
    await Promise.all([barrier.step(), newcomer])
    expect(joined).toBe(true)
  })

  it('goes on for the others when one leaves', async () => {
    const barrier = createBarrier()
    await Promise.all([barrier.join(), barrier.join()])
    const other = barrier.step()
    barrier.leave()
    await other
    barrier.leave()
    await barrier.join()
  })
})
