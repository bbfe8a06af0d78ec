import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type SamplerOptions, startSampler } from '../../src/telemetry/index.ts'
import { counterFields, fakeNvidiaSmi, rtx2060 } from './fake-nvidia-smi.ts'

const intervalMs = 50

async function watch(nvidiaSmi: string, options: Partial<SamplerOptions> = {}) {
  const sampler = await startSampler({ serverRssMiB: () => null, nvidiaSmi, intervalMs, ...options })
  await sleep(6 * intervalMs)
  const summary = await sampler.stop()
  expect(await sampler.stop()).toBe(summary)
  expect(commandsWith(nvidiaSmi), 'the tool still runs').toEqual([])
  return summary
}

test('without the tool there is no GPU, and the host is watched all the same', async () => {
  const sizes = [200, 500, 300]
  const summary = await watch('/nowhere/nvidia-smi', { serverRssMiB: () => sizes.shift() ?? null })
  expect(summary.gpu).toBeNull()
  expect(summary.host.serverRssMiB).toBe(500)
  expect(summary.host.clientCpuSeconds).toBeGreaterThan(0)
  expect(summary.host.loadAverage1m).toBeGreaterThanOrEqual(0)
  expect(summary.host.stealFraction).toBeGreaterThanOrEqual(0)
  expect(summary.host.stealFraction).toBeLessThanOrEqual(1)
})

test('memory of a server that never said is unknown, not zero', async () => {
  expect((await watch('/nowhere/nvidia-smi')).host.serverRssMiB).toBeNull()
})

test('a healthy GPU is sampled until the stop', async () => {
  const { gpu } = await watch(fakeNvidiaSmi({}))
  expect(gpu).toEqual({
    samples: expect.any(Number),
    longestGapMs: expect.any(Number),
    memoryIdleMiB: 3421,
    memoryPeakMiB: 3421,
    utilizationMedian: 0.97,
    utilizationPeak: 0.97,
    smClockMedianMhz: 1830,
    memoryClockMedianMhz: 7000,
    temperatureMaxC: 67,
    powerMeanW: expect.closeTo(148.21, 6),
    powerPeakW: 148.21,
    powerLimitW: 160,
    performanceStates: { P0: 1 },
    throttleReasons: {},
    throttleTime: null,
    otherProcesses: [],
  })
  expect(gpu?.samples).toBeGreaterThan(1)
})

test.each(['clocks_event_reasons', 'clocks_throttle_reasons'] as const)(
  'throttling is seen by the name %s',
  async (reasons) => {
    const gpus = [{ ...rtx2060, [`${reasons}.hw_thermal_slowdown`]: 'Active', [`${reasons}.sw_power_cap`]: 'Active' }]
    const { gpu } = await watch(fakeNvidiaSmi({ reasons, gpus }))
    expect(gpu?.throttleReasons).toEqual({ hw_thermal_slowdown: 1, sw_power_cap: 1 })
  },
)

test('fields that a driver lacks are not asked for, and what it cannot say is unknown (WSL2)', async () => {
  const gpus = [{ index: '0', 'memory.used': '1203', 'temperature.gpu': '55', 'power.draw': '[N/A]' }]
  const { gpu } = await watch(
    fakeNvidiaSmi({ fields: ['index', 'memory.used', 'temperature.gpu', 'power.draw'], reasons: null, gpus }),
  )
  expect(gpu).toMatchObject({
    memoryPeakMiB: 1203,
    temperatureMaxC: 55,
    powerMeanW: null,
    smClockMedianMhz: null,
  })
  expect(gpu?.throttleReasons).toBeNull()
})

test("a newer driver's counters are read as a share of the time", async () => {
  const fields = [...Object.keys(rtx2060), ...counterFields]
  const zero = { ...rtx2060, ...Object.fromEntries(counterFields.map((field) => [field, '0'])) }
  // More microseconds than the test lasts: the whole time.
  const later = { ...zero, 'clocks_event_reasons_counters.sw_thermal_slowdown': '90000000' }
  const { gpu } = await watch(fakeNvidiaSmi({ fields, gpus: [zero], laterGpus: [later] }))
  expect(gpu?.throttleTime).toEqual({
    sw_power_cap: 0,
    sw_thermal_slowdown: 1,
    hw_thermal_slowdown: 0,
    hw_power_brake_slowdown: 0,
  })
})

test('a field that the help lists and the query refuses is given up, and the rest is told', async () => {
  const { gpu } = await watch(fakeNvidiaSmi({ refuses: ['clocks.mem', 'clocks_event_reasons.sw_power_cap'] }))
  expect(gpu).toMatchObject({ memoryClockMedianMhz: null, smClockMedianMhz: 1830, throttleReasons: {} })
})

test('a tool that refuses what every driver has is broken', async () => {
  await expect(watch(fakeNvidiaSmi({ refuses: ['memory.used'] }))).rejects.toMatchObject({
    hint: expect.stringContaining('Field "memory.used" is not a valid field'),
  })
})

test('a tool that talks in no rows (decimal commas) is refused with what it says, not called hanging', async () => {
  const gpus = [{ ...rtx2060, 'power.draw': '148,21' }]
  await expect(watch(fakeNvidiaSmi({ gpus }))).rejects.toMatchObject({
    message: expect.stringContaining('can neither be named nor watched'),
    hint: expect.stringContaining('148,21'),
  })
})

test('Windows line ends change nothing', async () => {
  const { gpu } = await watch(fakeNvidiaSmi({ lineEnd: '\r\n', apps: ['4194999, python, 7'] }))
  expect(gpu).toMatchObject({ smClockMedianMhz: 1830, throttleReasons: {}, otherProcesses: [] })
})

test('only the time under load is judged', async () => {
  const hot = { ...rtx2060, 'clocks_event_reasons.hw_slowdown': 'Active', 'clocks.sm': '300' }
  const nvidiaSmi = fakeNvidiaSmi({ gpus: [hot], laterGpus: [rtx2060] })
  const sampler = await startSampler({ serverRssMiB: () => null, nvidiaSmi, intervalMs })
  const fromMs = performance.now()
  await sleep(6 * intervalMs)
  const { gpu } = await sampler.stop({ fromMs, toMs: performance.now() })
  expect(gpu).toMatchObject({ throttleReasons: {}, smClockMedianMhz: 1830, memoryIdleMiB: 3421 })
})

test('a process of somebody else on the GPU is named; our server, its children and its strays are not', async () => {
  const stay = ['-e', 'setInterval(() => {}, 1000)']
  const env = { ...process.env, LLM_PERF_RUN_ID: 'test-sampler' }
  const server = spawn(
    process.execPath,
    [
      '-e',
      `require('node:child_process').spawn(process.execPath, ${JSON.stringify(stay)}, {stdio: 'ignore'}); ${stay[1]}; console.log('up')`,
    ],
    { detached: true, env },
  )
  await once(server.stdout, 'data')
  const stray = spawn(process.execPath, stay, { detached: true, env })
  const neighbour = spawn(process.execPath, stay, { detached: true })
  await Promise.all([once(stray, 'spawn'), once(neighbour, 'spawn')])
  const pid = server.pid ?? 0
  const worker = childrenOf(pid)[0]
  const apps = [pid, worker, stray.pid, neighbour.pid, 2 ** 22 + 5].map((app) => `${app}, python, train.py, 2048`)
  const { gpu } = await watch(fakeNvidiaSmi({ apps: [...apps, 'No running processes found'] }), {
    ownedPids: () => [pid],
  })
  expect(gpu?.otherProcesses).toEqual([`python,train.py (pid ${neighbour.pid}, 2048 MiB)`])
  expect(gpu?.memoryIdleMiB).toBeNull()
  for (const group of [pid, stray.pid ?? 0, neighbour.pid ?? 0]) process.kill(-group, 'SIGKILL')
})

test('a driver/library mismatch is an error that names it', async () => {
  const failure = { text: 'Failed to initialize NVML: Driver/library version mismatch', code: 18 }
  await expect(watch(fakeNvidiaSmi({ failure }))).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('version mismatch'),
    hint: expect.stringContaining('Restart the machine'),
  })
})

test('a tool that fails only when it is asked for samples is an error too', async () => {
  const nvidiaSmi = fakeNvidiaSmi({ gpus: [], looks: 1 })
  await expect(watch(nvidiaSmi)).rejects.toThrow('can neither be named nor watched')
})

test('a tool that hangs is given up after its time and does not stay, even when it ignores SIGTERM', async () => {
  const nvidiaSmi = fakeNvidiaSmi({ hangsOn: '--query-gpu' })
  await expect(watch(nvidiaSmi)).rejects.toThrow('gave no answer within 5 s')
  expect(commandsWith(nvidiaSmi)).toEqual([])
})

test('a tool that falls silent in the middle is stopped, and the silence is told', async () => {
  const nvidiaSmi = fakeNvidiaSmi({ silentAfter: 2 })
  const { gpu } = await watch(nvidiaSmi)
  expect(gpu?.samples).toBe(2)
  expect(gpu?.longestGapMs).toBeGreaterThan(intervalMs)
  expect(commandsWith(nvidiaSmi)).toEqual([])
})

test('a tool that ends in the middle leaves the samples it gave, for the rules to judge', async () => {
  expect((await watch(fakeNvidiaSmi({ looks: 2 }))).gpu?.samples).toBe(2)
})

function commandsWith(text: string): string[] {
  return processes()
    .filter(({ command }) => command.includes(text))
    .map(({ command }) => command)
}

function childrenOf(parent: number): number[] {
  return processes()
    .filter((entry) => entry.parent === parent)
    .map(({ pid }) => pid)
}

function processes(): { pid: number; parent: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8')
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
        return [{ pid: Number(name), parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]), command }]
      } catch {
        return []
      }
    })
}
