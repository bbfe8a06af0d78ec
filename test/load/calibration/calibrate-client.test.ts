import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { ActionError } from '../../../src/errors.ts'
import { calibrateClient, measureClient, startReferenceProcess } from '../../../src/load/calibration/index.ts'
import { isRunning } from '../../../src/server/processes.ts'
import { noAbort, scenarioOf } from '../load-setup.ts'

describe('a calibration', () => {
  test('runs at the highest concurrency of the plan, on real sockets, and leaves figures', async () => {
    const scenarios = [scenarioOf({ concurrency: 2 }), scenarioOf({ name: 'many', concurrency: 6 })]
    const calibration = await calibrateClient(scenarios, noAbort)
    expect(calibration).toMatchObject({ concurrency: 6, requests: 18 })
    const { ttft, tpot, latency } = calibration
    for (const { medianMs, p99Ms } of [ttft, tpot, latency]) {
      expect(Number.isFinite(medianMs)).toBe(true)
      expect(p99Ms).toBeGreaterThanOrEqual(Math.abs(medianMs))
    }
    // A client that saw the first token before it was sent would have clocks that cannot be compared.
    expect(ttft.medianMs).toBeGreaterThan(0)
  })

  test('is bounded: a thousand streams are checked as 64', async () => {
    expect((await calibrateClient([scenarioOf({ concurrency: 1000 })], noAbort)).concurrency).toBe(64)
  })

  test('of an open loop without a limit takes what arrives in a second', async () => {
    const arrivals = { requestsPerSecond: 4.2, burstiness: 1 }
    const calibration = await calibrateClient([scenarioOf({ concurrency: null, arrivals })], noAbort)
    expect(calibration.concurrency).toBe(5)
  })

  test('that is stopped is an error, not a figure', async () => {
    const stopping = new AbortController()
    const calibration = calibrateClient([scenarioOf({ concurrency: 8 })], stopping.signal)
    stopping.abort(new ActionError('cancelled', 'Stopped.', 'Again.'))
    await expect(calibration).rejects.toThrow('Stopped.')
  })
})

describe('a client that is late is found out', () => {
  test('a blocked event loop shows as an error of about its length', async () => {
    const reference = await startReferenceProcess(['--ttft-ms', '20', '--gap-ms', '5'])
    const blocking = setInterval(() => {
      const until = performance.now() + 30
      while (performance.now() < until);
    }, 35)
    try {
      const load = { name: 'blocked', promptTokens: 32, outputTokens: 8, concurrency: 4, requests: 16 }
      const { pairs } = await measureClient(reference, load, noAbort)
      const errorsMs = pairs.map(
        ({ record, truth }) => (record.firstTokenMs ?? Number.NaN) - (truth.firstTokenMs ?? Number.NaN),
      )
      expect(errorsMs).toHaveLength(16)
      expect(Math.max(...errorsMs)).toBeGreaterThan(10)
    } finally {
      clearInterval(blocking)
      await reference.stop()
    }
  })
})

describe('the reference server as a process', () => {
  test('is gone after stop, and stop may be called twice', async () => {
    const reference = await startReferenceProcess(['--ttft-ms', '1'])
    expect(isRunning(reference.pid)).toBe(true)
    await reference.stop()
    await reference.stop()
    expect(isRunning(reference.pid)).toBe(false)
  })

  test('that does not start is an error that says why and what to do', async () => {
    const failed = startReferenceProcess(['--gap-ms', 'never'])
    await expect(failed).rejects.toThrow(/own error is not known: it ended with code 2\. --gap-ms: got "never"/)
    await expect(failed).rejects.toMatchObject({ code: 'invalid', hint: expect.stringContaining('127.0.0.1') })
  })

  test('that dies while it is loaded ends the calibration with an error', async () => {
    const reference = await startReferenceProcess(['--ttft-ms', '5', '--gap-ms', '5', '--die-at', '10'])
    const load = { name: 'dies', promptTokens: 32, outputTokens: 8, concurrency: 2, requests: 20 }
    await expect(measureClient(reference, load, noAbort)).rejects.toThrow()
    await reference.stop()
  })

  test('its log can be forgotten', async () => {
    const reference = await startReferenceProcess(['--ttft-ms', '1', '--gap-ms', '1'])
    const load = { name: 'twice', promptTokens: 32, outputTokens: 2, concurrency: 1, requests: 4 }
    await measureClient(reference, load, noAbort)
    // The same prompts again would look alike in one log.
    await reference.clearLog(noAbort)
    expect((await measureClient(reference, load, noAbort)).pairs).toHaveLength(4)
    await reference.stop()
    await sleep(0)
  })
})
