import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Connection } from '../../src/load/http/connection.ts'
import { FakeServer } from './fake-server.ts'
import { noAbort } from './load-setup.ts'

const request = { method: 'POST', path: '/', body: Buffer.from('{}') } as const

/** Answers each request after its own delay; the ones after the last delay never. */
function delayed(...delaysMs: number[]): Promise<FakeServer> {
  return FakeServer.start(async (response, _seen, index) => {
    const delayMs = delaysMs[index]
    if (delayMs === undefined) return
    await sleep(delayMs)
    response.end('{}')
  })
}

const open = (server: FakeServer): Connection => new Connection(server.origin, () => performance.now())

test('a connection carries one request at a time', async () => {
  await using server = await delayed(50)
  const connection = open(server)
  const first = connection.send(request, { timeoutMs: 5000, signal: noAbort })
  expect(() => connection.send(request, { timeoutMs: 5000, signal: noAbort })).toThrow('one request at a time')
  expect((await first).status).toBe(200)
  await connection.close()
})

test('each request has the whole deadline, however much of it the one before has used', async () => {
  await using server = await delayed(600, 600, 600)
  const connection = open(server)
  for (let sent = 0; sent < 3; sent += 1) {
    const { failure } = await connection.send(request, { timeoutMs: 1500, signal: noAbort })
    expect(failure).toBeNull()
  }
  const late = await connection.send(request, { timeoutMs: 1500, signal: noAbort })
  expect(late.failure?.outcome).toBe('deadline')
  expect(late.settledMs - late.scheduledMs).toBeGreaterThan(1490)
  await connection.close()
})

test('a deadline that comes while nothing is under way harms nobody', async () => {
  await using server = await delayed(0, 0)
  const connection = open(server)
  await connection.send(request, { timeoutMs: 100, signal: noAbort })
  await sleep(150)
  const { failure, status } = await connection.send(request, { timeoutMs: 5000, signal: noAbort })
  expect({ failure, status }).toEqual({ failure: null, status: 200 })
  await connection.close()
})

test('the end of one run does not stop a request of the next one on the same connection', async () => {
  await using server = await delayed(0, 100)
  const connection = open(server)
  const ended = new AbortController()
  await connection.send(request, { timeoutMs: 5000, signal: ended.signal })
  const next = connection.send(request, { timeoutMs: 5000, signal: noAbort })
  ended.abort()
  expect((await next).failure).toBeNull()
  await connection.close()
})

test('a request that is stopped is aborted at once, and one sent afterwards never leaves', async () => {
  await using server = await delayed()
  const connection = open(server)
  const stopping = new AbortController()
  const pending = connection.send(request, { timeoutMs: 5000, signal: stopping.signal })
  while (server.log.length === 0) await sleep(5)
  stopping.abort()
  expect((await pending).failure?.outcome).toBe('aborted')
  const after = await connection.send(request, { timeoutMs: 5000, signal: stopping.signal })
  expect(after).toMatchObject({ failure: { outcome: 'aborted' }, sentMs: null })
  expect(server.log).toHaveLength(1)
  await connection.close()
})

test('closing ends the request under way and leaves no socket and no timer', async () => {
  await using server = await delayed()
  const connection = open(server)
  const pending = connection.send(request, { timeoutMs: 60_000, signal: noAbort })
  while (server.log.length === 0) await sleep(5)
  await connection.close()
  expect((await pending).failure?.outcome).toBe('reset')
  while (server.openSockets > 0) await sleep(5)
})
