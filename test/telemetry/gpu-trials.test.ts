// Whole trials beside executables that answer as nvidia-smi does on sound and on broken machines.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { telemetryNotes } from '../../src/telemetry/index.ts'
import { counterFields, type FakeTool, fakeNvidiaSmi, rtx2060 } from './fake-nvidia-smi.ts'
import { watchedTrial } from './watched-trial.ts'

const trialBeside = (tool: FakeTool) => watchedTrial({ nvidiaSmi: fakeNvidiaSmi(tool) })
const active = (reason: string, prefix = 'clocks_event_reasons') => ({ ...rtx2060, [`${prefix}.${reason}`]: 'Active' })

test.concurrent('a sound GPU: no finding, and what it did is recorded', async () => {
  const { codes, telemetry, evidence } = await trialBeside({})
  expect(codes).toEqual([])
  expect(telemetry.gpu).toMatchObject({
    smClockMedianMhz: 1830,
    utilizationMedian: 0.97,
    powerLimitW: 160,
    memoryIdleMiB: 3421,
    performanceStates: { P0: 1 },
  })
  expect(telemetryNotes([evidence]).join()).not.toContain('GPU')
})

const breaking = ['hw_slowdown', 'hw_thermal_slowdown', 'hw_power_brake_slowdown', 'sw_thermal_slowdown']

test.concurrent.each(breaking)('%s: throttled', async (reason) => {
  const { codes, evidence } = await trialBeside({ gpus: [active(reason)] })
  expect(codes).toEqual(['gpu-throttled'])
  expect(evidence.scenarios, 'no figure of a throttled trial is used').toEqual({})
})

test.concurrent('throttled between two looks: the counters of a new driver tell', async () => {
  const fields = [...Object.keys(rtx2060), ...counterFields]
  const still = { ...rtx2060, ...Object.fromEntries(counterFields.map((field) => [field, '1000'])) }
  // A fifth of the half second between two looks.
  const braked = { ...still, 'clocks_event_reasons_counters.hw_power_brake_slowdown': 'grows:100000' }
  const trialWith = (gpu: Readonly<Record<string, string>>) =>
    watchedTrial({ nvidiaSmi: fakeNvidiaSmi({ fields, gpus: [gpu] }), tokenMs: 100 })
  expect((await trialWith(braked)).codes).toEqual(['gpu-throttled'])
  expect((await trialWith(still)).codes).toEqual([])
})

test.concurrent('an old driver that says throttle for event is understood', async () => {
  const reasons = 'clocks_throttle_reasons'
  const { codes } = await trialBeside({ reasons, gpus: [active('sw_thermal_slowdown', reasons)] })
  expect(codes).toEqual(['gpu-throttled'])
})

test.concurrent('at its power limit all the time: no finding, and the share is recorded', async () => {
  const { codes, telemetry } = await trialBeside({ gpus: [active('sw_power_cap')] })
  expect(codes).toEqual([])
  expect(telemetry.gpu?.throttleReasons).toEqual({ sw_power_cap: 1 })
})

test.concurrent('one of several GPUs is throttled', async () => {
  const { codes, telemetry } = await trialBeside({ gpus: [rtx2060, { ...active('hw_thermal_slowdown'), index: '1' }] })
  expect(codes).toEqual(['gpu-throttled'])
  expect(telemetry.gpu?.powerLimitW).toBe(320)
})

describe('somebody else is on the GPU', () => {
  async function neighbour(): Promise<number> {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
    onTestFinished(() => void process.kill(child.pid ?? 0, 'SIGKILL'))
    await once(child, 'spawn')
    return child.pid ?? 0
  }

  test('its process is named, also with a comma in its name', async () => {
    const pid = await neighbour()
    const { codes, evidence } = await trialBeside({ apps: [`${pid}, /opt/a, b/train, 2048`] })
    expect(codes).toEqual(['gpu-shared'])
    expect(evidence.findings.find(({ code }) => code === 'gpu-shared')?.message).toContain('train (pid')
  })

  test('on another slice of a GPU that is divided (MIG): utilisation is not told, the neighbour is', async () => {
    const pid = await neighbour()
    const mig = { ...rtx2060, 'utilization.gpu': '[N/A]', 'memory.used': '42' }
    const { codes, telemetry } = await trialBeside({ gpus: [mig], apps: [`${pid}, python, [N/A]`] })
    expect(codes).toEqual(['gpu-shared'])
    expect(telemetry.gpu).toMatchObject({ utilizationMedian: null, memoryPeakMiB: 42 })
  })
})

test.concurrent('WSL2: fewer fields and no list of processes are no fault', async () => {
  const fields = ['index', 'memory.used', 'utilization.gpu', 'temperature.gpu', 'power.draw', 'clocks.sm']
  const { codes, telemetry, evidence } = await trialBeside({ fields, reasons: null, apps: ['[Not Supported]'] })
  expect(codes).toEqual([])
  expect(telemetry.gpu).toMatchObject({ smClockMedianMhz: 1830, powerLimitW: null, throttleReasons: null })
  expect(telemetryNotes([evidence]).join()).toContain('does not say whether it throttled')
})

test.concurrent.each(['[N/A]', '[Not Supported]', '[Unknown Error]'])(
  'a driver that answers %s is not taken for a cool GPU',
  async (cell) => {
    const silent = { ...Object.fromEntries(Object.keys(rtx2060).map((key) => [key, cell])), index: '0' }
    const reasons = Object.fromEntries(breaking.map((reason) => [`clocks_event_reasons.${reason}`, cell]))
    const untold = { ...silent, ...reasons, 'clocks_event_reasons.sw_power_cap': cell }
    const { codes, telemetry, evidence } = await trialBeside({ gpus: [untold] })
    expect(codes).toEqual([])
    expect(telemetry.gpu).toMatchObject({ memoryPeakMiB: null, smClockMedianMhz: null, throttleReasons: null })
    expect(telemetryNotes([evidence]).join()).toContain('does not say whether it throttled')
  },
)

test.concurrent('a field that the help lists and the query refuses, and Windows line ends: watched all the same', async () => {
  const { codes, telemetry } = await trialBeside({
    refuses: ['pstate'],
    lineEnd: '\r\n',
    gpus: [active('hw_slowdown')],
  })
  expect(codes).toEqual(['gpu-throttled'])
  expect(telemetry.gpu).toMatchObject({ smClockMedianMhz: 1830, performanceStates: {} })
})

test.concurrent('a driver without a GPU is a machine without one', async () => {
  const { codes, telemetry } = await trialBeside({ failure: { text: 'No devices were found', code: 6 } })
  expect(codes).toEqual([])
  expect(telemetry.gpu).toBeNull()
})

describe('a trial does not begin beside', () => {
  test.concurrent('a driver that was updated under it', async () => {
    const failure = { text: 'Failed to initialize NVML: Driver/library version mismatch', code: 18 }
    await expect(trialBeside({ failure })).rejects.toMatchObject({
      code: 'invalid',
      hint: expect.stringMatching(/Restart/),
    })
  })

  test.concurrent.each(['--help', '--query-gpu'] as const)('a tool that hangs on %s', async (hangsOn) => {
    await expect(trialBeside({ hangsOn })).rejects.toThrow('gave no answer within 5 s')
  })

  test.concurrent('a tool that ends before its first row', async () => {
    await expect(trialBeside({ gpus: [], looks: 1 })).rejects.toThrow('can neither be named nor watched')
  })

  test.concurrent('a GPU that has fallen off the bus', async () => {
    const gpus = ['Unable to determine the device handle for GPU0000:01:00.0: GPU is lost.']
    await expect(trialBeside({ gpus, looks: 1 })).rejects.toMatchObject({
      hint: expect.stringContaining('GPU is lost'),
    })
  })
})

// More than five seconds under load: at least eight answers, two at a time, of four tokens 0.4 s apart.
describe('a GPU that is lost sight of under load', () => {
  test.concurrent.each<[string, FakeTool]>([
    ['the tool hangs', { silentAfter: 2 }],
    ['the tool dies', { looks: 2 }],
    ['the tool talks of other things', { laterGpus: ['Unable to determine the device handle for GPU0000:01:00.0'] }],
    ['one of two GPUs is lost', { gpus: [rtx2060, { ...rtx2060, index: '1' }], laterGpus: [rtx2060, 'GPU is lost'] }],
  ])(
    '%s: the trial is not believed',
    async (_name, tool) => {
      const { codes } = await watchedTrial({ nvidiaSmi: fakeNvidiaSmi(tool), tokenMs: 400, requests: 6 })
      expect(codes).toEqual(['gpu-unwatched'])
    },
    60_000,
  )
})
