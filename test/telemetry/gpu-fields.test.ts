import { expect, test } from 'vitest'
import { chooseFields, parseSample } from '../../src/telemetry/gpu-fields.ts'

const common = ['index', 'memory.used', 'clocks.sm', 'temperature.gpu', 'power.draw']
const newHelp = `List of valid properties to query for the switch "--query-gpu=":

"index"
Zero based index of the GPU.

"clocks.current.sm" or "clocks.sm"
Current frequency of SM clock.

"temperature.gpu"
"memory.used"
"power.draw"
Section about clocks_event_reasons properties
"clocks_event_reasons.hw_slowdown" or "clocks_throttle_reasons.hw_slowdown"
"clocks_event_reasons.sw_thermal_slowdown" or "clocks_throttle_reasons.sw_thermal_slowdown"
`

test('a new driver is asked by the new names, and only for what it lists', () => {
  expect(chooseFields(newHelp)).toEqual([
    ...common,
    'clocks_event_reasons.hw_slowdown',
    'clocks_event_reasons.sw_thermal_slowdown',
  ])
})

test('an old driver is asked by the old names', () => {
  const oldHelp = newHelp.replaceAll(/"clocks_event_reasons\.\w+" or /g, '')
  expect(chooseFields(oldHelp).slice(-2)).toEqual([
    'clocks_throttle_reasons.hw_slowdown',
    'clocks_throttle_reasons.sw_thermal_slowdown',
  ])
})

test('a driver that lists nothing is asked for no more than memory', () => {
  expect(chooseFields('')).toEqual(['index', 'memory.used'])
})

const fields = [...common, 'clocks_event_reasons.hw_slowdown', 'clocks_throttle_reasons.sw_power_cap']

test('a row becomes numbers and the names of active reasons', () => {
  expect(parseSample('1, 3421, 1830, 67, 148.21, Active, Not Active', fields)).toEqual({
    index: 1,
    memoryUsedMiB: 3421,
    smClockMhz: 1830,
    temperatureC: 67,
    powerW: 148.21,
    throttled: ['hw_slowdown'],
  })
})

test.each(['[N/A]', '[Not Supported]', '[Unknown Error]', '', 'N/A', 'nan'])('"%s" is no number', (cell) => {
  expect(parseSample(`0, ${cell}, ${cell}, ${cell}, ${cell}, ${cell}, ${cell}`, fields)).toEqual({
    index: 0,
    memoryUsedMiB: null,
    smClockMhz: null,
    temperatureC: null,
    powerW: null,
    throttled: [],
  })
})

test.each([
  'Failed to initialize NVML: Driver/library version mismatch',
  '0, 3421, 1830',
  '',
  'No devices were found',
  '[N/A], 1, 2, 3, 4, Active, Active',
])('a message is no row: %s', (line) => {
  expect(parseSample(line, fields)).toBeNull()
})
