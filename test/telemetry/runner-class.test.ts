import { expect, test } from 'vitest'
import { readRunnerClass } from '../../src/telemetry/index.ts'
import { withId } from '../../src/telemetry/runner-class.ts'
import { fakeNvidiaSmi, rtx2060 } from './fake-nvidia-smi.ts'

const missing = { nvidiaSmi: '/nowhere/nvidia-smi' }

test('a machine without the tool has no GPU, and the same name each time', async () => {
  const machine = await readRunnerClass(missing)
  expect(machine).toMatchObject({ os: process.platform, arch: process.arch, gpu: null })
  expect(machine.id).toMatch(/^cpu-\d+-[a-z0-9-]*[0-9a-f]{8}$/)
  expect(machine.cores).toBeGreaterThan(0)
  expect(machine.memoryGiB).toBeGreaterThan(0)
  expect(await readRunnerClass(missing)).toEqual(machine)
})

test('an RTX 2060 is named with its memory and driver', async () => {
  const machine = await readRunnerClass({ nvidiaSmi: fakeNvidiaSmi({}) })
  expect(machine.gpu).toEqual({ name: 'NVIDIA GeForce RTX 2060', count: 1, memoryMiB: 6144, driver: '550.120' })
  expect(machine.id).toMatch(/^rtx-2060-[0-9a-f]{8}$/)
})

test('several GPUs are counted, and unlike ones are all named', async () => {
  const gpus = [rtx2060, { ...rtx2060, index: '1', name: 'Tesla T4' }]
  const machine = await readRunnerClass({ nvidiaSmi: fakeNvidiaSmi({ gpus }) })
  expect(machine.gpu).toMatchObject({ name: 'NVIDIA GeForce RTX 2060 + Tesla T4', count: 2 })
  expect(machine.id).toMatch(/^2x-rtx-2060-tesla-t4-/)
})

test('memory that a GPU shares with the CPU has no size', async () => {
  const gpus = [{ ...rtx2060, name: 'NVIDIA GB10', 'memory.total': '[N/A]' }]
  expect((await readRunnerClass({ nvidiaSmi: fakeNvidiaSmi({ gpus }) })).gpu).toMatchObject({
    name: 'NVIDIA GB10',
    memoryMiB: 0,
  })
})

test('every fact is in the id, so that other hardware or another driver is another class', () => {
  const gpu = { name: 'NVIDIA GeForce RTX 2060', count: 1, memoryMiB: 6144, driver: '550.120' }
  const facts = { os: 'linux', arch: 'x64', cpu: 'AMD Ryzen 5 3600 6-Core Processor', cores: 12, memoryGiB: 16, gpu }
  const variants = [
    facts,
    { ...facts, os: 'linux-wsl2' },
    { ...facts, arch: 'arm64' },
    { ...facts, cpu: 'AMD Ryzen 5 3600X 6-Core Processor' },
    { ...facts, cores: 6 },
    { ...facts, memoryGiB: 32 },
    { ...facts, gpu: null },
    { ...facts, gpu: { ...gpu, name: 'NVIDIA GeForce RTX 2060 SUPER' } },
    { ...facts, gpu: { ...gpu, count: 2 } },
    { ...facts, gpu: { ...gpu, memoryMiB: 12288 } },
    { ...facts, gpu: { ...gpu, driver: '550.121' } },
  ]
  expect(new Set(variants.map((variant) => withId(variant).id)).size).toBe(variants.length)
  expect(withId({ ...facts, gpu: null }).id).toMatch(/^cpu-12-ryzen-5-3600-6-core-[0-9a-f]{8}$/)
})

test('a driver that sees no GPU is a machine without one', async () => {
  const nvidiaSmi = fakeNvidiaSmi({ failure: { text: 'No devices were found', code: 6 } })
  expect((await readRunnerClass({ nvidiaSmi })).gpu).toBeNull()
})

test.each([
  ['Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.127', 18, 'version mismatch'],
  [
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
    9,
    'can neither be named nor watched',
  ],
  ['Unable to determine the device handle for GPU0000:01:00.0: Unknown Error', 15, 'can neither be named nor watched'],
  ['something that is no list of GPUs', 0, 'can neither be named nor watched'],
  ['', 0, 'can neither be named nor watched'],
])('a broken driver is no machine without a GPU: %s', async (text, code, words) => {
  await expect(readRunnerClass({ nvidiaSmi: fakeNvidiaSmi({ failure: { text, code } }) })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining(words),
    hint: expect.stringContaining(text === '' ? 'It printed nothing.' : `| ${text.split('\n')[0]}`),
  })
})

test('a tool that hangs is given up and named', async () => {
  const nvidiaSmi = fakeNvidiaSmi({ hangsOn: 'everything' })
  await expect(readRunnerClass({ nvidiaSmi })).rejects.toThrow(`${nvidiaSmi} gave no answer within 5 s.`)
})
