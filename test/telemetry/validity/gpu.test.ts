import { expect, test } from 'vitest'
import { findInvalid, type ValidityInput } from '../../../src/telemetry/index.ts'
import { codesOf, sound, soundGpu, wordsOf } from './sound.ts'

function withGpu(change: Partial<typeof soundGpu>): ValidityInput {
  const { host } = sound.telemetry ?? { host: undefined }
  if (!host) throw new Error('the sound measurement has telemetry')
  return { ...sound, telemetry: { host, gpu: { ...soundGpu, ...change } } }
}

test.each(['hw_slowdown', 'hw_thermal_slowdown', 'hw_power_brake_slowdown', 'sw_thermal_slowdown'])(
  'a GPU held back by %s breaks the trial, however short',
  (reason) => {
    const input = withGpu({ throttleReasons: { [reason]: 0.0125 }, temperatureMaxC: 88 })
    expect(codesOf(input)).toEqual(['gpu-throttled'])
    expect(wordsOf(input, 'gpu-throttled')).toContain(`${reason} in 1.25 % of the samples, at up to 88 °C`)
    expect(findInvalid(input)[0]?.scenario).toBeNull()
  },
)

test('a GPU at its power limit is what a loaded one looks like', () => {
  expect(codesOf(withGpu({ throttleReasons: { sw_power_cap: 1, gpu_idle: 0.2 } }))).toEqual([])
})

test('a share that is no number is not fine', () => {
  expect(codesOf(withGpu({ throttleReasons: { hw_slowdown: Number.NaN } }))).toEqual(['gpu-throttled'])
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
  [2, 12_000, false],
  [120, 60_000, true],
])('%d samples in a window of %d ms: watched is %s', (samples, windowMs, isWatched) => {
  const input = withGpu({ samples })
  const window = { ...input.window, endMs: Math.max(input.window.endMs, input.window.startMs + windowMs) }
  expect(codesOf({ ...input, window })).toEqual(isWatched ? [] : ['gpu-unwatched'])
})

test('a machine without a GPU has nothing to throttle', () => {
  const { host } = sound.telemetry ?? { host: undefined }
  expect(codesOf({ ...sound, telemetry: host ? { host, gpu: null } : null })).toEqual([])
})
