import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { recipes, serverFolder, serverNames } from '../../scripts/servers/index.ts'
import { doOnce, isDone, runProgram } from '../../scripts/servers/steps.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-perf-install-'))
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true })
})

test('a step is done once, again after it failed, and again when its recipe has changed', async () => {
  const done: string[] = []
  const step = (version: number) => ({ name: 'a step', recipe: { version } })
  const failing = doOnce(folder, step(1), () => Promise.reject(new Error('no network')))
  await expect(failing).rejects.toThrow('no network')
  expect(isDone(folder, step(1))).toBe(false)
  for (const version of [1, 1, 2, 2]) {
    await doOnce(folder, step(version), async () => void done.push(`version ${version}`))
  }
  expect(done).toEqual(['version 1', 'version 2'])
})

test('a program that fails tells its command, its exit code and the end of its output', async () => {
  const script = 'console.log("compiling"); console.error("out of disk"); process.exit(3)'
  await expect(runProgram(folder, [process.execPath, '-e', script])).rejects.toThrow(
    /exit code 3[\s\S]*compiling\nout of disk/,
  )
  await expect(runProgram(folder, ['no-such-program-here'])).rejects.toThrow(/ENOENT/)
})

test('a program that succeeds sees the variables it was given', async () => {
  const script = 'process.exit(process.env.COLOUR === "blue" ? 0 : 1)'
  await runProgram(folder, [process.execPath, '-e', script], { COLOUR: 'blue' })
})

test('servers are installed below LLM_PERF_CACHE, else in the cache folder of the user', () => {
  expect(serverFolder('vllm', { LLM_PERF_CACHE: '/big', XDG_CACHE_HOME: '/xdg' })).toBe(join('/big/servers/vllm'))
  expect(serverFolder('vllm', { XDG_CACHE_HOME: '/xdg' })).toBe(join('/xdg/llm-perf/servers/vllm'))
  expect(serverFolder('vllm', {})).toMatch(/llm-perf.servers.vllm$/)
})

test('every recipe passes the port on and says what it costs', () => {
  for (const name of serverNames.filter((server) => server !== 'llama-server')) {
    expect(recipes[name].start(folder).command).toContain('{{port}}')
    expect(recipes[name].cost).not.toBe('')
  }
  expect(serverNames.filter((name) => recipes[name].isInstalled(folder))).toEqual(['embedded'])
})
