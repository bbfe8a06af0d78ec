import { describe, expect, it } from 'vitest'
import { createSlots } from '../../../examples/engine/inference/slots.ts'

const open = new AbortController().signal

describe('slots', () => {
  it('give each slot to one holder, and the next free one to whoever waits longest', async () => {
    const slots = createSlots(['a', 'b'])
    const held = [await slots.acquire(open), await slots.acquire(open)]
    expect(held.toSorted()).toEqual(['a', 'b'])
    const order: string[] = []
    const first = slots.acquire(open).then((slot) => order.push(`first ${slot}`))
    const second = slots.acquire(open).then((slot) => order.push(`second ${slot}`))
    expect([slots.active, slots.queued]).toEqual([2, 2])
    slots.release('b')
    await first
    slots.release('a')
    await second
    expect(order).toEqual(['first b', 'second a'])
    expect([slots.active, slots.queued]).toEqual([2, 0])
  })

  it('let a waiter go that gives up, and pass it over', async () => {
    const slots = createSlots(['only'])
    await slots.acquire(open)
    const gone = new AbortController()
    const impatient = slots.acquire(gone.signal)
    const patient = slots.acquire(open)
    gone.abort()
    expect(await impatient).toBeNull()
    slots.release('only')
    expect(await patient).toBe('only')
    slots.release('only')
    expect([slots.active, slots.queued]).toEqual([0, 0])
  })

  it('give nothing to a request that is already gone', async () => {
    const slots = createSlots(['only'])
    expect(await slots.acquire(AbortSignal.abort())).toBeNull()
    expect(slots.active).toBe(0)
  })
})
