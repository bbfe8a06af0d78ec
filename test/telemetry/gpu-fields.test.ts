import { expect, test } from 'vitest'
import { chooseFields, parseSample, refusedField } from '../../src/telemetry/gpu-fields.ts'

const common = [
  'index',
  'memory.used',
  'utilization.gpu',
  'clocks.sm',
  'clocks.mem',
  'temperature.gpu',
  'power.draw',
  'enforced.power.limit',
  'pstate',
]
const newHelp = `List of valid properties to query for the switch "--query-gpu=":

"index"
Zero based index of the GPU.

"pstate"
"clocks.current.sm" or "clocks.sm"
Current frequency of SM clock.

"clocks.current.memory" or "clocks.mem"
"temperature.gpu"
"utilization.gpu"
"memory.used"
"power.draw"
"enforced.power.limit"
Section about clocks_event_reasons properties
"clocks_event_reasons.hw_slowdown" or "clocks_throttle_reasons.hw_slowdown"
"clocks_event_reasons.sw_thermal_slowdown" or "clocks_throttle_reasons.sw_thermal_slowdown"
Section about clocks_event_reasons_counters properties
"clocks_event_reasons_counters.sw_thermal_slowdown"
`

test('a new driver is asked by the new names, with its counters, and only for what it lists', () => {
  expect(chooseFields(newHelp)).toEqual([
    ...common,
    'clocks_event_reasons_counters.sw_thermal_slowdown',
    'clocks_event_reasons.hw_slowdown',
    'clocks_event_reasons.sw_thermal_slowdown',
  ])
})

test('an old driver is asked by the old names', () => {
  const oldHelp = newHelp.replaceAll(/"clocks_event_reasons\.\w+" or |"clocks_event_reasons_counters.*"/g, '')
  expect(chooseFields(oldHelp).slice(common.length)).toEqual([
    'clocks_throttle_reasons.hw_slowdown',
    'clocks_throttle_reasons.sw_thermal_slowdown',
  ])
})

test('a driver that lists nothing is asked for no more than memory', () => {
  expect(chooseFields('')).toEqual(['index', 'memory.used'])
})

test('the field that a query was refused for', () => {
  expect(refusedField('\nField "clocks.mem" is not a valid field to query.\n')).toBe('clocks.mem')
  expect(refusedField('Failed to initialize NVML: Unknown Error')).toBeNull()
})

const reasons = ['clocks_event_reasons.hw_slowdown', 'clocks_throttle_reasons.sw_power_cap']
const fields = [...common, 'clocks_event_reasons_counters.sw_power_cap', ...reasons]

test('a row becomes numbers, the names of active reasons, and their counters', () => {
  expect(parseSample('1, 3421, 97, 1830, 7000, 67, 148.21, 160.00, P2, 123456, Active, Not Active', fields, 5)).toEqual(
    {
      atMs: 5,
      index: 1,
      memoryUsedMiB: 3421,
      utilization: 0.97,
      smClockMhz: 1830,
      memoryClockMhz: 7000,
      temperatureC: 67,
      powerW: 148.21,
      powerLimitW: 160,
      performanceState: 'P2',
      throttled: ['hw_slowdown'],
      throttledUs: { sw_power_cap: 123456 },
    },
  )
})

const cellsLike = (cell: string) => `0${`, ${cell}`.repeat(fields.length - 1)}`

test.each(['[N/A]', '[Not Supported]', '[Unknown Error]', '[GPU requires reset]', '', 'N/A', 'nan'])(
  '"%s" is no number, and no news of throttling',
  (cell) => {
    expect(parseSample(cellsLike(cell), fields, 0)).toEqual({
      atMs: 0,
      index: 0,
      memoryUsedMiB: null,
      utilization: null,
      smClockMhz: null,
      memoryClockMhz: null,
      temperatureC: null,
      powerW: null,
      powerLimitW: null,
      performanceState: null,
      throttled: null,
      throttledUs: {},
    })
  },
)

test('what cannot be is unknown: memory below nothing, more than busy; a cold GPU can be', () => {
  const row = '0, -1, 101, -5, 7000, -3, -0.5, 160, P0, 8, Active, Not Active'
  expect(parseSample(row, fields, 0)).toMatchObject({
    memoryUsedMiB: null,
    utilization: null,
    smClockMhz: null,
    memoryClockMhz: 7000,
    temperatureC: -3,
    powerW: null,
  })
})

test('one reason that is told is enough to know that it was not active', () => {
  const row = '0, 1, 2, 3, 4, 5, 6, 7, P0, 8, [N/A], Not Active'
  expect(parseSample(row, fields, 0)?.throttled).toEqual([])
})

test.each([
  'Failed to initialize NVML: Driver/library version mismatch',
  '0, 3421, 1830',
  '',
  'No devices were found',
  `[N/A]${', 1'.repeat(fields.length - 1)}`,
  // A decimal comma makes one cell more.
  '1, 3421, 97, 1830, 7000, 67, 148,21, 160.00, P2, 1, Active, Not Active',
])('a message is no row: %s', (line) => {
  expect(parseSample(line, fields, 0)).toBeNull()
})
