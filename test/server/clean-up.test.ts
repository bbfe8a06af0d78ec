import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cleanUp } from '../../src/server/index.ts'
import { isAlive, useBench } from './bench.ts'
import { leftovers } from './leftovers.ts'

const bench = useBench()
const index = join(import.meta.dirname, '../../src/server/index.ts')

test('what a killed job left behind is ended and named, also outside the process group', async () => {
  const job = spawn(process.execPath, ['--input-type=module', '-e', jobThatStartsAServer()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(job.stdout, 'data')
  const owned = JSON.parse(String(line))
  job.kill('SIGKILL')
  await once(job, 'exit')
  expect(leftovers(bench.marker)).toHaveLength(3)
  const found = await cleanUp([owned], [bench.marker])
  expect(leftovers(bench.marker)).toEqual([])
  expect(found).toHaveLength(3)
  expect(found.find((sentence) => sentence.startsWith(`Process ${owned.pid} (`))).toMatch(
    /server\.mjs.*was still running and was killed\.$/,
  )
  expect(await cleanUp([owned], [bench.marker])).toEqual([])
})

test('the marker alone is enough', async () => {
  await bench.start({ command: bench.command('--children') })
  expect(await cleanUp([], [bench.marker])).toHaveLength(3)
  expect(leftovers(bench.marker)).toEqual([])
})

test('the group is ended with its leader, even what has dropped the marker from its environment', async () => {
  const server = await bench.start({
    command: `env -i "${process.execPath}" -e "setInterval(() => {}, 1000)" & exec "${bench.command().slice(0, 2).join('" "')}" --port {{port}}`,
  })
  const bare = childOf(server.pid)
  const found = await cleanUp(bench.owned, [])
  expect(found).toHaveLength(2)
  // A killed process still has to be scheduled once more before it is gone.
  await expect.poll(() => isAlive(bare), { timeout: 10_000 }).toBe(false)
})

test('a process that merely has the same number is left alone', async () => {
  const stranger = spawn('sleep', ['60'], { detached: true })
  await once(stranger, 'spawn')
  const pid = stranger.pid ?? 0
  expect(await cleanUp([{ pid, marker: 'test-nobody', startedAt: '1' }], [])).toEqual([])
  expect(isAlive(pid)).toBe(true)
  const [sentence] = await cleanUp([{ pid, marker: 'test-nobody', startedAt: '' }], [])
  expect(sentence).toContain(`Process ${pid} has the number of a server`)
  expect(isAlive(pid)).toBe(true)
  stranger.kill('SIGKILL')
  await once(stranger, 'exit')
})

test('an empty marker means nothing, not everything', async () => {
  const stranger = spawn('sleep', ['60'], { env: { LLM_PERF_RUN_ID: '' } })
  await once(stranger, 'spawn')
  expect(await cleanUp([], [''])).toEqual([])
  expect(isAlive(stranger.pid ?? 0)).toBe(true)
  stranger.kill('SIGKILL')
  await once(stranger, 'exit')
})

function jobThatStartsAServer(): string {
  return `
    import { startServer } from ${JSON.stringify(index)}
    await startServer({
      config: {
        command: ${JSON.stringify(bench.command('--children'))}, setup: null, workingDirectory: '.', port: 0,
        readyPath: '/health', readyTimeoutSeconds: 30, env: {}, stopGraceSeconds: 5,
      },
      root: ${JSON.stringify(bench.folder)}, logFile: ${JSON.stringify(bench.logFile)},
      marker: ${JSON.stringify(bench.marker)}, probe: async () => {}, signal: new AbortController().signal,
      onSpawn: (process) => { owned = process }, log: () => {},
    })
    var owned
    console.log(JSON.stringify(owned))
  `
}

function childOf(parent: number): number {
  return Number(execFileSync('pgrep', ['-P', String(parent)], { encoding: 'utf8' }).trim())
}
