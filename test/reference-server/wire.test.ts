import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { RequestReader } from '../../src/reference-server/request-reader.ts'
import { completion, openSocket, startReference } from './start-reference.ts'

const post = (body: string, extra = ''): string =>
  `POST /v1/completions HTTP/1.1\r\nHost: x\r\n${extra}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

test('requests are read whole wherever the packets are cut', () => {
  const two = Buffer.from(post('{"a":1}', 'X-Request-Id: r1\r\n') + post('{"ü":2}'))
  for (let cut = 0; cut <= two.length; cut += 1) {
    const reader = new RequestReader()
    const read = [...reader.take(two.subarray(0, cut)), ...reader.take(two.subarray(cut))]
    expect(read.map(({ body }) => body.toString())).toEqual(['{"a":1}', '{"ü":2}'])
    expect(read[0]).toMatchObject({ method: 'POST', path: '/v1/completions' })
    expect(read[0]?.headers.get('x-request-id')).toBe('r1')
  }
})

test.for([
  'GET\r\n\r\n',
  'GET / HTTP/2\r\n\r\n',
  'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n',
  'POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n',
  'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
])('%j is no request', (text) => {
  expect(() => new RequestReader().take(Buffer.from(text))).toThrow()
})

test('what is no request is refused and the connection closed; the server lives on', async () => {
  await using server = await startReference()
  const { socket, received, closed } = openSocket(server.port)
  socket.write('hello\r\n\r\n')
  await closed
  expect(received()).toMatch(/^HTTP\/1.1 400 /)
  expect((await fetch(`${server.origin}/health`)).status).toBe(200)
})

test('two requests at once on one connection are answered one after the other', async () => {
  await using server = await startReference({ ttftMs: 20 })
  const { socket, received } = openSocket(server.port)
  const body = JSON.stringify(completion({ max_tokens: 2 }))
  socket.write(post(body) + post(body))
  while (received().split('[DONE]').length < 3) await once(socket, 'data')
  const [first, second] = server.log as { arrivalMs: number; lastTokenMs: number }[]
  expect(second?.arrivalMs).toBeGreaterThanOrEqual(first?.lastTokenMs ?? Number.NaN)
  expect(received().match(/HTTP\/1.1 200/g)).toHaveLength(2)
  socket.destroy()
})

test('each token is a write of its own', async () => {
  await using server = await startReference({ ttftMs: 20, gapMs: 20 })
  const { socket } = openSocket(server.port)
  const packets: string[] = []
  socket.on('data', (bytes) => packets.push(bytes.toString('latin1')))
  socket.write(post(JSON.stringify(completion())))
  while (!packets.join('').includes('[DONE]')) await once(socket, 'data')
  expect(packets.filter((packet) => packet.includes(' token')).length).toBe(4)
  socket.destroy()
})

test('a client that asks for it gets its connection closed after the answer', async () => {
  await using server = await startReference()
  const { socket, received, closed } = openSocket(server.port)
  socket.write(post(JSON.stringify(completion()), 'Connection: close\r\n'))
  await closed
  expect(received()).toContain('connection: close')
  expect(received()).toContain('[DONE]')
})

test('a client that goes away in the middle leaves nothing behind', async () => {
  await using server = await startReference({ gapMs: 5 })
  const { socket, closed } = openSocket(server.port)
  socket.write(post(JSON.stringify(completion({ max_tokens: 1000 }))))
  await once(socket, 'data')
  socket.destroy()
  await closed
  await sleep(50)
  const { tokens } = server.log[0] as { tokens: number }
  await sleep(50)
  expect(server.log[0]?.tokens).toBe(tokens)
  expect(tokens).toBeLessThan(1000)
})
