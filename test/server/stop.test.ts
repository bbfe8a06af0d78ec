import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { isAlive, useBench } from './bench.ts'
import { leftovers } from './leftovers.ts'

const bench = useBench()
const pending = Symbol('pending')

test('a server that listens to SIGTERM ends by itself, and its port can be taken again at once', async () => {
  const server = await bench.start()
  await server.stop()
  expect(readFileSync(bench.logFile, 'utf8')).toContain('asked to stop')
  expect(isAlive(server.pid)).toBe(false)
  await takePort(server.port)
})

test('stopping twice gives the same result, and a stop is no death', async () => {
  const server = await bench.start()
  const [first, second] = await Promise.all([server.stop(), server.stop()])
  expect(first.stopMs).toBeGreaterThan(0)
  expect(second).toBe(first)
  expect(await server.stop()).toBe(first)
  expect(await Promise.race([server.died, settled()])).toBe(pending)
})

test('a server that ignores SIGTERM is killed after its grace', async () => {
  const server = await bench.start({ command: bench.command('--deaf'), stopGraceSeconds: 0.4 })
  const { stopMs } = await server.stop()
  expect(readFileSync(bench.logFile, 'utf8')).toContain('asked to stop')
  expect(stopMs).toBeGreaterThan(400)
  expect(isAlive(server.pid)).toBe(false)
})

test('a hurried stop does not wait for a long grace', async () => {
  const server = await bench.start({ command: bench.command('--deaf'), stopGraceSeconds: 600 })
  await server.stop({ hurry: true })
  expect(leftovers(bench.marker)).toEqual([])
})

test('all that the server started ends with it, also what left its process group', async () => {
  const server = await bench.start({ command: bench.command('--children'), stopGraceSeconds: 0.3 })
  expect(leftovers(bench.marker)).toHaveLength(3)
  await server.stop()
  expect(leftovers(bench.marker)).toEqual([])
})

test('stopping one server leaves another one of the same run alone', async () => {
  const one = await bench.start()
  const other = await bench.start({}, { logFile: `${bench.logFile}.other` })
  await one.stop()
  expect(leftovers(bench.marker)).toEqual([other.pid])
  await other.stop()
})

test('a death is noticed with its signal and the end of the log', async () => {
  const server = await bench.start()
  process.kill(server.pid, 'SIGKILL')
  expect(await server.died).toEqual({ exitCode: null, signal: 'SIGKILL', tail: `| hello from ${server.pid}` })
  await server.stop()
})

test('a death is noticed with its exit code', async () => {
  const server = await bench.start({ command: bench.command('--exit-code', '9', '--exit-after', '600') })
  expect(await server.died).toMatchObject({
    exitCode: 9,
    signal: null,
    tail: expect.stringContaining('model file is broken'),
  })
  await server.stop()
})

test('a signal that killed the server behind a shell is still told', async () => {
  const [node, script] = bench.command()
  const server = await bench.start({ command: `"${node}" "${script}" --port {{port}}; exit $?` })
  const inner = leftovers(bench.marker).find((pid) => pid !== server.pid) ?? 0
  process.kill(inner, 'SIGKILL')
  expect(await server.died).toMatchObject({ exitCode: 137, signal: 'SIGKILL' })
  await server.stop()
})

test('what survives the death of the server is ended by stop', async () => {
  const server = await bench.start({ command: bench.command('--children'), stopGraceSeconds: 0.3 })
  process.kill(server.pid, 'SIGKILL')
  await server.died
  expect(leftovers(bench.marker)).toHaveLength(2)
  await server.stop()
  expect(leftovers(bench.marker)).toEqual([])
})

test('a port that somebody else has taken meanwhile is reported by name', async () => {
  const server = await bench.start()
  process.kill(server.pid, 'SIGKILL')
  await server.died
  const squatter = createServer()
  await new Promise<void>((resolve) => squatter.listen(server.port, '127.0.0.1', resolve))
  await expect(server.stop()).rejects.toThrow(`port ${server.port} is still in use by process ${process.pid}`)
  squatter.close()
})

test('memory is that of the whole group, not of its leader alone', async () => {
  const server = await bench.start({ command: bench.command('--children'), stopGraceSeconds: 0.3 })
  const ofLeader = () =>
    Number(execFileSync('ps', ['-o', 'rss=', '-p', String(server.pid)], { encoding: 'utf8' })) / 1024
  await expect.poll(() => (server.rssMiB() ?? 0) / ofLeader(), { timeout: 10_000 }).toBeGreaterThan(1.4)
  await server.stop()
  expect(server.rssMiB()).toBeNull()
})

function settled(): Promise<typeof pending> {
  return new Promise((resolve) => setTimeout(() => resolve(pending), 200))
}

async function takePort(port: number): Promise<void> {
  const probe = createServer()
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject)
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()))
  })
}
