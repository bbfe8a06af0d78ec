import { expect, test } from 'vitest'
import { findInvalid, type ValidityInput } from '../../../src/telemetry/index.ts'
import { codesOf, sound, soundGpu, soundTelemetry, wordsOf } from './sound.ts'

function withGpu(change: Partial<typeof soundGpu>): ValidityInput {
  return { ...sound, telemetry: { ...soundTelemetry, gpu: { ...soundGpu, ...change } } }
}

const breaking = ['hw_slowdown', 'hw_thermal_slowdown', 'hw_power_brake_slowdown', 'sw_thermal_slowdown']

test.each(breaking)('a GPU held back by %s breaks the trial, however short', (reason) => {
  const input = withGpu({ throttleReasons: { [reason]: 0.0125 }, temperatureMaxC: 88 })
  expect(codesOf(input)).toEqual(['gpu-throttled'])
  expect(wordsOf(input, 'gpu-throttled')).toContain(`${reason} in 1.25 % of the samples, at up to 88 °C.`)
  expect(findInvalid(input)[0]?.scenario).toBeNull()
})

test.each(breaking)("%s between two samples is told by the driver's counter", (reason) => {
  const input = withGpu({ throttleReasons: {}, throttleTime: { [reason]: 0.006 }, temperatureMaxC: null })
  expect(wordsOf(input, 'gpu-throttled')).toContain(`${reason} for 0.6 % of the time by the driver's counter.`)
})

test('half a per cent of the time moves no percentile', () => {
  expect(codesOf(withGpu({ throttleReasons: {}, throttleTime: { sw_thermal_slowdown: 0.005 } }))).toEqual([])
})

test('a GPU at its power limit is what a loaded one looks like', () => {
  const atLimit = {
    throttleReasons: { sw_power_cap: 1, gpu_idle: 0.2 },
    throttleTime: { sw_power_cap: 0.97, sync_boost: 1 },
  }
  expect(codesOf(withGpu(atLimit))).toEqual([])
})

test('a share that is no number is not fine', () => {
  expect(codesOf(withGpu({ throttleReasons: { hw_slowdown: Number.NaN } }))).toEqual(['gpu-throttled'])
  expect(codesOf(withGpu({ throttleTime: { hw_thermal_slowdown: Number.NaN } }))).toEqual(['gpu-throttled'])
})

test('a driver that tells of no reason cannot be blamed', () => {
  expect(codesOf(withGpu({ throttleReasons: null, throttleTime: null }))).toEqual([])
})

test("somebody else's processes are named, a few of them", () => {
  expect(wordsOf(withGpu({ otherProcesses: ['python (pid 7, 2048 MiB)'] }), 'gpu-shared')).toContain(
    'python (pid 7, 2048 MiB).',
  )
  const many = Array.from({ length: 7 }, (_, pid) => `p${pid}`)
  expect(wordsOf(withGpu({ otherProcesses: many }), 'gpu-shared')).toContain('p0, p1, p2, p3, p4 and 2 more')
})

test.each([
  [0, 3000, false],
  [1, 3000, true],
  [400, 5000, true],
  [400, 5001, false],
  [400, Number.NaN, false],
])('%d samples, at most %d ms apart: watched is %s', (samples, longestGapMs, isWatched) => {
  expect(codesOf(withGpu({ samples, longestGapMs }))).toEqual(isWatched ? [] : ['gpu-unwatched'])
})

test('a machine without a GPU has nothing to throttle', () => {
  expect(codesOf({ ...sound, telemetry: { ...soundTelemetry, gpu: null } })).toEqual([])
})
