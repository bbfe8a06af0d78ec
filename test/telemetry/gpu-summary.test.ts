import { expect, test } from 'vitest'
import type { GpuSample } from '../../src/telemetry/gpu-fields.ts'
import { type GpuWatch, summariseGpu } from '../../src/telemetry/gpu-summary.ts'

function sample(atMs: number, parts: Partial<GpuSample> = {}): GpuSample {
  return {
    atMs,
    index: 0,
    memoryUsedMiB: 100,
    utilization: 0.5,
    smClockMhz: 1000,
    memoryClockMhz: 7000,
    temperatureC: 50,
    powerW: 80,
    powerLimitW: 160,
    performanceState: 'P0',
    throttled: [],
    throttledUs: {},
    ...parts,
  }
}

function summaryOf(samples: readonly GpuSample[], watch: Partial<GpuWatch> = {}) {
  return summariseGpu({ samples, isIdleAtStart: true, otherProcesses: [], load: { fromMs: 0, toMs: 10_000 }, ...watch })
}

test('one GPU: first memory, peaks, medians, hottest moment, mean power, share of throttled samples', () => {
  const samples = [
    sample(0, { memoryUsedMiB: 400, smClockMhz: 300, powerW: 20, utilization: 0, performanceState: 'P8' }),
    sample(4000, {
      memoryUsedMiB: 5000,
      smClockMhz: 1900,
      temperatureC: 81,
      throttled: ['sw_power_cap', 'hw_slowdown'],
      utilization: 1,
    }),
    sample(9000, { memoryUsedMiB: 4900, smClockMhz: 1700, powerW: 140, throttled: ['sw_power_cap'], utilization: 0.9 }),
  ]
  expect(summaryOf(samples, { otherProcesses: ['x (pid 1, 5 MiB)'] })).toEqual({
    samples: 3,
    longestGapMs: 5000,
    memoryIdleMiB: 400,
    memoryPeakMiB: 5000,
    utilizationMedian: 0.9,
    utilizationPeak: 1,
    smClockMedianMhz: 1700,
    memoryClockMedianMhz: 7000,
    temperatureMaxC: 81,
    powerMeanW: 80,
    powerPeakW: 140,
    powerLimitW: 160,
    performanceStates: { P8: 1 / 3, P0: 2 / 3 },
    throttleReasons: { sw_power_cap: 2 / 3, hw_slowdown: 1 / 3 },
    throttleTime: null,
    otherProcesses: ['x (pid 1, 5 MiB)'],
  })
})

test('clocks and throttling are those under load: the start of the server does not count, its memory does', () => {
  const samples = [
    sample(1000, { memoryUsedMiB: 300, smClockMhz: 210, throttled: ['sw_thermal_slowdown'] }),
    sample(2000, { memoryUsedMiB: 5100, smClockMhz: 210 }),
    sample(3000, { memoryUsedMiB: 5000, smClockMhz: 1800 }),
    sample(4000, { memoryUsedMiB: 5000, smClockMhz: 1800 }),
  ]
  expect(summaryOf(samples, { load: { fromMs: 2500, toMs: 4200 } })).toMatchObject({
    samples: 2,
    smClockMedianMhz: 1800,
    memoryIdleMiB: 300,
    memoryPeakMiB: 5100,
    throttleReasons: {},
  })
})

test('a load between two samples is told by its neighbours', () => {
  const summary = summaryOf([sample(1000), sample(2000)], { load: { fromMs: 1400, toMs: 1600 } })
  expect(summary).toMatchObject({ samples: 2, smClockMedianMhz: 1000, longestGapMs: 1000 })
})

test('two GPUs: memory and power add up, and a moment counts once however many GPUs are throttled in it', () => {
  const samples = [
    sample(0, { throttled: ['hw_slowdown'] }),
    sample(0, { index: 1, memoryUsedMiB: 300, powerW: 100, throttled: ['hw_slowdown'] }),
    sample(9000, { memoryUsedMiB: 200 }),
    sample(9000, { index: 1, memoryUsedMiB: 250, powerW: 120 }),
  ]
  expect(summaryOf(samples)).toMatchObject({
    samples: 2,
    memoryIdleMiB: 400,
    memoryPeakMiB: 500,
    powerMeanW: 190,
    powerPeakW: 200,
    powerLimitW: 320,
    throttleReasons: { hw_slowdown: 0.5 },
  })
})

test('a GPU that falls off the bus is missed although the other one stays', () => {
  const samples = [0, 2000, 4000, 6000, 8000].flatMap((atMs) =>
    atMs < 4000 ? [sample(atMs), sample(atMs, { index: 1 })] : [sample(atMs)],
  )
  expect(summaryOf(samples).longestGapMs).toBe(8000)
})

test.each([
  ['a tool that died before the load', [100, 200], 9800],
  ['one that died in the middle of it', [900, 2000, 3000], 7000],
  ['one that began late', [4000, 6000, 8000], 3000],
  ['one that never told anything', [], 9000],
  ['one that slept in between', [900, 2000, 8000, 9900], 6000],
])('the longest time without a look under load: %s', (_name, times, gapMs) => {
  const samples = times.map((atMs) => sample(atMs))
  expect(summaryOf(samples, { load: { fromMs: 1000, toMs: 10_000 } }).longestGapMs).toBe(gapMs)
})

test("the driver's counters give the share of time, of the GPU that was held back longest", () => {
  // 10 s under load: 400 ms and 50 ms of heat, 10 s of power limit; what was counted before is not of this trial.
  const samples = [
    sample(0, { throttledUs: { sw_thermal_slowdown: 7_000_000, sw_power_cap: 1_000 } }),
    sample(0, { index: 1, throttledUs: { sw_thermal_slowdown: 0 } }),
    sample(10_000, { throttledUs: { sw_thermal_slowdown: 7_050_000, sw_power_cap: 10_001_000 } }),
    sample(10_000, { index: 1, throttledUs: { sw_thermal_slowdown: 400_000 } }),
  ]
  const { throttleTime } = summaryOf(samples)
  expect(throttleTime?.sw_thermal_slowdown).toBeCloseTo(0.04, 9)
  expect(throttleTime?.sw_power_cap).toBeCloseTo(1, 9)
})

test('counters are read from the last look before the load to the first one after it', () => {
  const samples = [0, 1000, 2000, 3000, 4000].map((atMs) =>
    sample(atMs, { throttledUs: { a: atMs < 1500 ? 0 : 500_000 } }),
  )
  // Half a second of the two seconds from 1000 to 3000 ms.
  expect(summaryOf(samples, { load: { fromMs: 1700, toMs: 2900 } }).throttleTime).toEqual({ a: 0.25 })
})

test('a counter that fell, or that one of the two samples lacks, tells nothing', () => {
  const fell = [sample(0, { throttledUs: { a: 50, b: 50 } }), sample(1000, { throttledUs: { a: 10, c: 90 } })]
  expect(summaryOf(fell).throttleTime).toBeNull()
})

test('memory is not called idle once the server was there', () => {
  expect(summaryOf([sample(0)], { isIdleAtStart: false }).memoryIdleMiB).toBeNull()
})

const silent: Partial<GpuSample> = {
  memoryUsedMiB: null,
  utilization: null,
  smClockMhz: null,
  memoryClockMhz: null,
  temperatureC: null,
  powerW: null,
  powerLimitW: null,
  performanceState: null,
  throttled: null,
}

test('what a driver does not say stays unknown', () => {
  const unknown = { memoryPeakMiB: null, powerMeanW: null, powerPeakW: null, powerLimitW: null }
  expect(summaryOf([sample(0, silent)])).toMatchObject({
    ...unknown,
    utilizationMedian: null,
    smClockMedianMhz: null,
    temperatureMaxC: null,
    performanceStates: {},
    throttleReasons: null,
  })
  expect(summaryOf([])).toMatchObject({ samples: 0, memoryIdleMiB: null, throttleReasons: null, ...unknown })
})

test('a sum over two GPUs is unknown when one of them does not say', () => {
  expect(summaryOf([sample(0), sample(0, { ...silent, index: 1 })])).toMatchObject({
    memoryPeakMiB: null,
    powerMeanW: null,
    powerLimitW: null,
    throttleReasons: {},
  })
})
