import { existsSync, readlinkSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { getText, isAlive, useBench } from './bench.ts'
import { leftovers } from './leftovers.ts'

const bench = useBench()

test('a server is returned once it answers, with the port filled into its command and its environment', async () => {
  const server = await bench.start({ env: { ADDRESS: 'http://localhost:{{ port }}/' } })
  expect(server.origin).toBe(`http://127.0.0.1:${server.port}`)
  expect(JSON.parse(await getText(server.origin, '/argv')).slice(2)).toEqual(['--port', String(server.port)])
  expect(JSON.parse(await getText(server.origin, '/env'))).toMatchObject({
    ADDRESS: `http://localhost:${server.port}/`,
    LLM_PERF_RUN_ID: bench.marker,
  })
  expect(bench.owned).toEqual([{ pid: server.pid, marker: bench.marker, startedAt: expect.stringMatching(/^\d+$/) }])
  expect(server.startupMs).toBeGreaterThan(0)
  expect(server.tail()).toBe(`| hello from ${server.pid}`)
  await server.stop()
})

test('a command as a string runs in a shell', async () => {
  const [node, script] = bench.command()
  const server = await bench.start({ command: `cd / && FLAVOUR=sour "${node}" "${script}" --port {{port}}` })
  expect(JSON.parse(await getText(server.origin, '/env'))).toMatchObject({ FLAVOUR: 'sour' })
  await server.stop()
})

test('the command runs in the working directory of its side', async () => {
  await mkdir(join(bench.folder, 'serving'))
  const server = await bench.start({ workingDirectory: 'serving' })
  expect(readlinkSync(`/proc/${server.pid}/cwd`)).toBe(join(bench.folder, 'serving'))
  await server.stop()
})

test('a server that still loads (503) is waited for, and loading counts as start-up time', async () => {
  const server = await bench.start({ command: bench.command('--loading-ms', '700') })
  expect(server.startupMs).toBeGreaterThan(700)
  await server.stop()
})

test('start-up ends with the first real token, not with the first healthy answer', async () => {
  let attempts = 0
  const probe = async () => {
    attempts++
    if (attempts < 4) throw new Error('no token yet')
  }
  const server = await bench.start({}, { probe })
  expect(attempts).toBe(4)
  await server.stop()
})

test('without a ready path the first token alone decides', async () => {
  const server = await bench.start({ readyPath: null })
  expect(await getText(server.origin, '/generate')).toContain('text')
  await server.stop()
})

test('an answer that says what is wrong ends the start at once', async () => {
  const refusal = new ActionError('invalid', 'The server does not know model "x".', 'Set api.model.')
  const probe = () => Promise.reject(refusal)
  await expect(bench.start({}, { probe })).rejects.toBe(refusal)
  expect(leftovers(bench.marker)).toEqual([])
})

test('a server that exits before it is ready is reported with its code and the end of its log', async () => {
  const failure = await failureOf(bench.start({ command: bench.command('--never-open', '--exit-code', '3') }))
  expect(failure.code).toBe('invalid')
  expect(failure.message).toMatch(/^The server exited with code 3 after \d+\.\d s, before it was ready\.$/)
  expect(failure.hint).toContain('| model file is broken')
})

test('a server that is killed before it is ready is reported with the signal', async () => {
  const starting = failureOf(
    bench.start({ command: bench.command('--never-open') }, { onSpawn: ({ pid }) => process.kill(pid, 'SIGKILL') }),
  )
  expect((await starting).message).toContain('was killed by SIGKILL')
})

test('a command that goes to the background is told to stay in the foreground', async () => {
  const failure = await failureOf(bench.start({ command: 'sleep 300 & true' }))
  expect(failure.message).toContain('exited with code 0')
  expect(failure.hint).toContain('foreground')
  expect(leftovers(bench.marker)).toEqual([])
})

test('a server that never opens its port is given up after the timeout and leaves nothing behind', async () => {
  const failure = await failureOf(
    bench.start({ command: bench.command('--never-open', '--deaf'), readyTimeoutSeconds: 1, stopGraceSeconds: 0.2 }),
  )
  expect(failure.message).toMatch(/^The server was not ready within 1 s on 127\.0\.0\.1:\d+; last: .*ECONNREFUSED/)
  expect(failure.hint).toContain('| hello from')
  expect(leftovers(bench.marker)).toEqual([])
})

test('a ready path that never answers 200 is named, with what it answered', async () => {
  const failure = await failureOf(
    bench.start({ command: bench.command('--loading-ms', '600000'), readyTimeoutSeconds: 1 }),
  )
  expect(failure.message).toContain('GET /health answered 503, not 200')
})

test('a probe that hangs does not outlast the timeout', async () => {
  const failure = await failureOf(bench.start({ readyTimeoutSeconds: 1 }, { probe: () => new Promise(() => {}) }))
  expect(failure.message).toContain('was not ready within 1 s')
})

test('a program that does not exist is named', async () => {
  const failure = await failureOf(bench.start({ command: ['no-such-server', '--port', '{{port}}'] }))
  expect(failure.message).toContain('"no-such-server" could not be started')
  expect((await failureOf(bench.start({ command: 'no-such-server' }))).message).toContain('exited with code 127')
})

test('a cancelled start throws `cancelled` and leaves nothing behind', async () => {
  const cancel = new AbortController()
  const starting = bench.start(
    { command: bench.command('--never-open', '--deaf') },
    { signal: cancel.signal, onSpawn: () => setTimeout(() => cancel.abort(), 300) },
  )
  expect((await failureOf(starting)).code).toBe('cancelled')
  expect(leftovers(bench.marker)).toEqual([])
  expect((await failureOf(bench.start({}, { signal: cancel.signal }))).code).toBe('cancelled')
})

test('a port that somebody holds is refused with the holder, before anything is started', async () => {
  const holder = createServer()
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const address = holder.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const failure = await failureOf(bench.start({ port }))
  holder.close()
  expect(failure.code).toBe('usage')
  expect(failure.message).toContain(`port ${port} is already in use by process ${process.pid} (`)
  expect(failure.hint).toContain(`kill ${process.pid}`)
  expect(bench.owned).toEqual([])
  expect(existsSync(bench.logFile)).toBe(false)
})

test.each([
  ['nowhere', 'invalid', 'is no folder in the checkout'],
  ['../outside', 'usage', 'leads out of the checkout'],
])('the working directory %s is refused', async (workingDirectory, code, words) => {
  expect(await failureOf(bench.start({ workingDirectory }))).toMatchObject({
    code,
    message: expect.stringContaining(words),
  })
})

test('a process that was started is announced even when the start then fails', async () => {
  await failureOf(
    bench.start({ command: bench.command('--exit-code', '1') }, { probe: () => Promise.reject(new Error('x')) }),
  )
  expect(bench.owned.map(({ pid }) => isAlive(pid))).toEqual([false])
})

async function failureOf(starting: Promise<unknown>): Promise<ActionError> {
  const thrown = await starting.then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toBeInstanceOf(ActionError)
  return thrown as ActionError
}
