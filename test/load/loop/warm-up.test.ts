import { describe, expect, test } from 'vitest'
import { Body } from '../../../src/load/http/body.ts'
import type { Capture } from '../../../src/load/http/capture.ts'
import { Settling } from '../../../src/load/loop/settling.ts'
import { WarmUp } from '../../../src/load/loop/warm-up.ts'

function answered(latencyMs: number, changes: Partial<Capture> = {}): Capture {
  return {
    scheduledMs: 0,
    sentMs: 0,
    firstByteMs: latencyMs,
    settledMs: latencyMs,
    status: 200,
    body: Body.of([]),
    failure: null,
    ...changes,
  }
}

/** Requests that a closed loop sends for its warm-up, when the n-th answer takes `latencyMs(n)`. */
function warmUpRequests(streams: number, latencyMs: (n: number) => number): number {
  const warmUp = new WarmUp(streams)
  let inFlight = 0
  let settled = 0
  for (let sent = 0; ; sent += 1) {
    if (inFlight === streams) {
      warmUp.noteSettled(answered(latencyMs(settled)))
      settled += 1
      inFlight -= 1
    }
    if (warmUp.isOver()) return sent
    warmUp.noteSent()
    inFlight += 1
  }
}

describe('the warm-up of a closed loop', () => {
  test.each([
    [1, 2],
    [2, 4],
    [8, 16],
  ])('of %i streams on a server that is warm takes %i requests', (streams, requests) => {
    expect(warmUpRequests(streams, () => 100)).toBe(requests)
  })

  test('goes on while answers come faster and faster', () => {
    // 800, 400, 200, 190 ms: the fourth is no longer much faster than the third.
    expect(warmUpRequests(1, (n) => [800, 400, 200, 190][n] ?? 190)).toBe(4)
  })

  test('does not trust the first wave: a cold one makes it go on for another', () => {
    expect(warmUpRequests(4, (n) => (n < 4 ? 1000 : 100))).toBe(12)
  })

  test('takes three waves at most, whatever the server does', () => {
    expect(warmUpRequests(1, (n) => 1e6 / 2 ** n)).toBe(6)
    expect(warmUpRequests(4, (n) => 1e6 / 2 ** n)).toBe(12)
  })

  test('is not prolonged by a server that gets slower, nor by the unrest of a fast one', () => {
    expect(warmUpRequests(1, (n) => 100 * 2 ** n)).toBe(2)
    expect(warmUpRequests(1, (n) => [30, 11][n] ?? 11)).toBe(2)
  })

  test('does not wait for a server that fails', () => {
    const warmUp = new WarmUp(2)
    for (let sent = 0; sent < 2; sent += 1) warmUp.noteSent()
    expect(warmUp.isOver()).toBe(false)
    warmUp.noteSettled(answered(100, { status: 500 }))
    expect(warmUp.isOver()).toBe(true)
  })
})

describe('the warm-up of an open loop', () => {
  /** Requests sent when `latency` of them are in flight before the first answer, and one ends for each that is sent. */
  const settle = (inFlight: number, endsPerSend: number, requestsPerSecond = 1): number => {
    const settling = new Settling(requestsPerSecond)
    let ended = 0
    for (let sent = 0; ; sent += 1) {
      while (sent >= inFlight && ended < 1 + (sent - inFlight) * endsPerSend) {
        settling.noteSettled(answered(100))
        ended += 1
      }
      if (settling.isOver()) return sent
      settling.noteSent()
    }
  }

  test.each([
    [1, 2],
    [4, 11],
    [50, 149],
  ])('with %i in flight lasts until twice as many have ended', (inFlight, sent) => {
    expect(settle(inFlight, 1)).toBe(sent)
  })

  test('of a high rate lasts for some dozens of requests, of a lower one for a second', () => {
    expect(settle(1, 1, 1000)).toBe(64)
    expect(settle(1, 1, 20)).toBe(20)
    expect(settle(50, 1, 20)).toBe(149)
  })

  test('on a server that cannot follow ends nevertheless', () => {
    expect(settle(10, 0.1)).toBe(60)
  })

  test('is never over before two answers, and at once with a failure', () => {
    const settling = new Settling(10)
    for (let sent = 0; sent < 50; sent += 1) settling.noteSent()
    expect(settling.isOver()).toBe(false)
    settling.noteSettled(answered(5))
    expect(settling.isOver()).toBe(false)
    settling.noteSettled(answered(5, { failure: { outcome: 'deadline', detail: 'No answer.' } }))
    expect(settling.isOver()).toBe(true)
  })
})
