import { expect, test } from 'vitest'
import type { GpuSample } from '../../src/telemetry/gpu-fields.ts'
import { summariseGpu } from '../../src/telemetry/gpu-summary.ts'

function sample(parts: Partial<GpuSample>): GpuSample {
  return { index: 0, memoryUsedMiB: 100, smClockMhz: 1000, temperatureC: 50, powerW: 80, throttled: [], ...parts }
}

test('one GPU: first memory, peak, median clock, hottest moment, mean power, share of throttled samples', () => {
  const samples = [
    sample({ memoryUsedMiB: 400, smClockMhz: 300, powerW: 20 }),
    sample({ memoryUsedMiB: 5000, smClockMhz: 1900, temperatureC: 81, throttled: ['sw_power_cap', 'hw_slowdown'] }),
    sample({ memoryUsedMiB: 4900, smClockMhz: 1700, powerW: 140, throttled: ['sw_power_cap'] }),
  ]
  expect(summariseGpu(samples, true, ['x (pid 1, 5 MiB)'])).toEqual({
    samples: 3,
    memoryIdleMiB: 400,
    memoryPeakMiB: 5000,
    smClockMedianMhz: 1700,
    temperatureMaxC: 81,
    powerMeanW: 80,
    throttleReasons: { sw_power_cap: 2 / 3, hw_slowdown: 1 / 3 },
    otherProcesses: ['x (pid 1, 5 MiB)'],
  })
})

test('two GPUs: memory and power add up, and a moment counts once however many GPUs are throttled in it', () => {
  const samples = [
    sample({ throttled: ['hw_slowdown'] }),
    sample({ index: 1, memoryUsedMiB: 300, powerW: 100, throttled: ['hw_slowdown'] }),
    sample({ memoryUsedMiB: 200 }),
    sample({ index: 1, memoryUsedMiB: 250, powerW: 120 }),
  ]
  expect(summariseGpu(samples, true, [])).toMatchObject({
    samples: 2,
    memoryIdleMiB: 400,
    memoryPeakMiB: 500,
    powerMeanW: 190,
    throttleReasons: { hw_slowdown: 0.5 },
  })
})

test('memory is not called idle once the server was there', () => {
  expect(summariseGpu([sample({})], false, []).memoryIdleMiB).toBeNull()
})

test('what a driver does not say stays unknown, also when only one of two GPUs does not', () => {
  const silent = { memoryUsedMiB: null, smClockMhz: null, temperatureC: null, powerW: null }
  const unknown = { memoryPeakMiB: null, powerMeanW: null }
  expect(summariseGpu([sample(silent)], true, [])).toMatchObject({
    ...unknown,
    smClockMedianMhz: null,
    temperatureMaxC: null,
  })
  expect(summariseGpu([sample({}), sample({ index: 1, ...silent })], true, [])).toMatchObject(unknown)
  expect(summariseGpu([], true, [])).toMatchObject({ samples: 0, memoryIdleMiB: null, ...unknown })
})
