// The wire against the shared memory that sockets read into: nothing may get lost, mixed up or overwritten.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { bodyText, type Capture } from '../../../src/load/http/capture.ts'
import { Connection } from '../../../src/load/http/connection.ts'
import { directConnector } from '../../../src/load/http/direct-reading.ts'
import { noAbort } from '../load-setup.ts'

const request = { method: 'POST', path: '/', body: Buffer.from('{}') } as const
const options = { timeoutMs: 20_000, signal: noAbort }

/** A server that only listens: what goes over each accepted socket is the test's business. */
async function listen(onSocket: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function chunked(pieces: readonly string[]): string {
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)
  return `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`
}

/** One answer to one request over a fresh connection. */
async function answerTo(answer: (socket: Socket) => void): Promise<Capture> {
  await using server = await listen((socket) => socket.once('data', () => answer(socket)))
  const connection = new Connection(server.origin, () => performance.now())
  try {
    return await connection.send(request, options)
  } finally {
    await connection.close()
  }
}

test('answers that arrive byte by byte on several sockets at once stay apart, header names cut in the middle too', async () => {
  const wires = ['a', 'b', 'c'].map((letter) => chunked([letter.repeat(40), letter.repeat(20)]))
  const waiting: Socket[] = []
  await using server = await listen((socket) => {
    socket.once('data', async () => {
      waiting.push(socket)
      if (waiting.length < wires.length) return
      const longest = Math.max(...wires.map((wire) => wire.length))
      for (let at = 0; at < longest; at += 1) {
        for (const [index, wire] of wires.entries()) waiting[index]?.write(wire.slice(at, at + 1))
        await turn()
      }
    })
  })
  const connections = wires.map(() => new Connection(server.origin, () => performance.now()))
  const captures = await Promise.all(connections.map((connection) => connection.send(request, options)))
  await Promise.all(connections.map((connection) => connection.close()))
  expect(captures.map(({ failure, status }) => ({ failure, status }))).toEqual(
    wires.map(() => ({ failure: null, status: 200 })),
  )
  expect(captures.map(bodyText).toSorted()).toEqual(['a'.repeat(60), 'b'.repeat(60), 'c'.repeat(60)])
})

test('a body much larger than what is read at once arrives whole', async () => {
  const body = Array.from({ length: 300_000 }, (_, index) => String(index)).join(' ')
  const capture = await answerTo((socket) =>
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
  )
  expect(capture.failure).toBeNull()
  expect(bodyText(capture) === body).toBe(true)
  expect(capture.body.ends.length).toBeGreaterThan(1)
})

test('a body that ends with its connection is complete', async () => {
  const capture = await answerTo((socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall of it'))
  expect([capture.failure, bodyText(capture)]).toEqual([null, 'all of it'])
})

test('a body that is cut by the end of its connection is a failure, and what came is kept', async () => {
  const capture = await answerTo((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'))
  expect([capture.failure?.outcome, bodyText(capture)]).toEqual(['reset', 'half'])
})

test('what arrives together has one time, and what comes later a later one', async () => {
  const events = chunked(['one', 'two', 'three'])
  const cut = events.indexOf('5\r\nthree')
  const { body, firstByteMs, sentMs } = await answerTo(async (socket) => {
    socket.write(events.slice(0, cut))
    await sleep(40)
    socket.write(events.slice(cut))
  })
  const [one, two, three] = body.stampsMs
  expect(body.ends).toEqual([3, 6, 11])
  expect([one, two]).toEqual([firstByteMs, firstByteMs])
  expect(three).toBeGreaterThan((one ?? 0) + 20)
  expect(one).toBeGreaterThan(sentMs ?? Number.NaN)
})

test('bytes that come before anybody asks for them wait in the socket, in order', async () => {
  await using server = await listen(async (socket) => {
    socket.write('early ')
    await sleep(20)
    socket.end('bird')
  })
  let arrivals = 0
  const connect = directConnector(5000, () => {
    arrivals += 1
  })
  const socket = await new Promise<Socket>((resolve, reject) => {
    const target = { hostname: '127.0.0.1', port: String(server.port), protocol: 'http:' }
    connect(target, (error, opened) => (error === null ? resolve(opened) : reject(error)))
  })
  while (arrivals < 2) await sleep(5)
  expect(String(socket.read())).toBe('early bird')
  socket.resume()
  await once(socket, 'end')
  socket.destroy()
})
