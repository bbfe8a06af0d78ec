import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Connection } from '../../src/load/http/connection.ts'
import { FakeServer, sendJson } from './fake-server.ts'
import { noAbort } from './load-setup.ts'

/** After this time of silence uvicorn and llama-server close a connection. */
const serversCloseMs = 5000

test('an idle connection is given up before servers close it, whatever longer time they announce', async () => {
  await using server = await FakeServer.start((response) => sendJson(response, 200, {}), 60_000)
  const connection = new Connection(server.origin, () => performance.now())
  const request = { method: 'POST', path: '/', body: Buffer.from('{}') } as const
  const options = { timeoutMs: 10_000, signal: noAbort }
  try {
    expect((await connection.send(request, options)).failure).toBeNull()
    expect(server.openSockets).toBe(1)
    const answeredMs = performance.now()
    while (server.openSockets > 0 && performance.now() - answeredMs < serversCloseMs) await sleep(20)
    expect(server.openSockets).toBe(0)
    const { status, failure } = await connection.send(request, options)
    expect({ status, failure }).toEqual({ status: 200, failure: null })
    expect(server.log.map(({ onSocket }) => onSocket)).toEqual([1, 1])
  } finally {
    await connection.close()
  }
})
