import { type AddressInfo, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import undiciPackage from 'undici/package.json' with { type: 'json' }
import { describe, expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { Connection } from '../../src/load/http/connection.ts'
import { chooseFreePort } from '../../src/server/port.ts'
import { answerWell, fakeOpenAi } from './fake-openai.ts'
import { event, FakeServer, startStream } from './fake-server.ts'
import { apiConfig, countOutcomes, knownTarget, noAbort, run, scenarioOf } from './load-setup.ts'

const api = apiConfig('openai-completions')

/** Waits for something that is only a matter of time; fails instead of hanging. */
async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (isTrue()) return
    await sleep(10)
  }
  throw new Error('It did not come true within 5 s.')
}

/** A bare TCP server: each request on a socket is handed to `answer` with its number on that socket, from 1. */
async function startTcp(answer: (socket: Socket, number: number) => void): Promise<{ origin: string; stop(): void }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let number = 0
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      if (!bytes.toString().startsWith('POST')) return
      number += 1
      answer(socket, number)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = (): void => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop }
}

const okBody = JSON.stringify({
  choices: [{ text: 'words', finish_reason: 'length' }],
  usage: { prompt_tokens: 4, completion_tokens: 8 },
})
const okAnswer = `HTTP/1.1 200 OK\r\ncontent-length: ${okBody.length}\r\n\r\n${okBody}`

describe('a connection that fails', () => {
  test('a refused connection is a connect-error, and every request is recorded', async () => {
    const result = await run(knownTarget(`http://127.0.0.1:${await chooseFreePort()}`, api), scenarioOf())
    expect(countOutcomes(result)).toEqual({ 'connect-error': 12 })
    expect(result.window.warmupFailures).toHaveLength(2)
    for (const record of result.records) {
      expect(record).toMatchObject({ sentMs: null, firstByteMs: null, endMs: null, status: null })
      expect(record.detail).toMatch(/ECONNREFUSED/)
    }
    expect(result.window.endMs).toBeGreaterThanOrEqual(result.window.startMs)
  })

  test('a reset before the first byte is stale-socket on a reused socket and reset on a fresh one', async () => {
    const stale = await startTcp((socket, number) => (number === 1 ? socket.write(okAnswer) : socket.resetAndDestroy()))
    const fresh = await startTcp((socket) => socket.resetAndDestroy())
    try {
      const connection = new Connection(stale.origin, () => performance.now())
      const request = { method: 'POST', path: '/', body: Buffer.from('{}') } as const
      const options = { timeoutMs: 5000, signal: noAbort }
      expect((await connection.send(request, options)).failure).toBeNull()
      expect((await connection.send(request, options)).failure?.outcome).toBe('stale-socket')
      // The next socket is a fresh one again, and nothing was sent twice.
      expect((await connection.send(request, options)).failure).toBeNull()
      await connection.close()
      const other = new Connection(fresh.origin, () => performance.now())
      expect((await other.send(request, options)).failure?.outcome).toBe('reset')
      await other.close()
    } finally {
      stale.stop()
      fresh.stop()
    }
  })

  test('a failed request is never sent again', async () => {
    let requests = 0
    const server = await startTcp((socket) => {
      requests += 1
      socket.destroy()
    })
    try {
      await run(knownTarget(server.origin, api), scenarioOf({ streaming: false }))
      expect(requests).toBe(14)
    } finally {
      server.stop()
    }
  })

  test('an answer that is not HTTP is malformed', async () => {
    const server = await startTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
    try {
      const result = await run(knownTarget(server.origin, api), scenarioOf({ streaming: false }))
      expect(countOutcomes(result)).toEqual({ malformed: 12 })
    } finally {
      server.stop()
    }
  })

  test('a server that dies in the middle leaves good records before and failed ones after', async () => {
    let asked = 0
    let server: FakeServer
    server = await FakeServer.start(async (response, seen, index) => {
      asked += 1
      if (asked === 9) return server[Symbol.asyncDispose]()
      await fakeOpenAi()(response, seen, index)
    })
    const result = await run(knownTarget(server.origin, api), scenarioOf({ concurrency: 1 }))
    // 8 good ones, warm-up included; then the one that was cut, then nobody listens.
    const good = 8 - result.window.warmupRequests
    expect(result.records.map((record) => record.outcome)).toEqual([
      ...Array(good).fill('ok'),
      'stale-socket',
      ...Array(11 - good).fill('connect-error'),
    ])
  })
})

describe('a server that closes connections after streams without saying so', () => {
  /** Announces keep-alive, and closes once the stream is out. */
  const closing = fakeOpenAi({
    fault: () => async (response, pieces) => {
      response.setHeader('connection', 'keep-alive')
      const { socket } = response
      await answerWell(response, pieces)
      socket?.end()
    },
  })

  test('loses no request when it is known to', async () => {
    await using server = await FakeServer.start(closing)
    const target = knownTarget(server.origin, api, { closesAfter: { stream: true, body: false } })
    const result = await run(target, scenarioOf({ requests: 30 }))
    expect(countOutcomes(result)).toEqual({ ok: 30 })
    expect(new Set(server.asked.map((seen) => seen.socket)).size).toBe(30 + result.window.warmupRequests)
  })
})

test('undici is a version without the delays on reused sockets of 8.0 to 8.10.0', () => {
  // https://github.com/nodejs/undici/issues/5493 and /issues/5600, fixed in 8.10.1
  const [major = 0, minor = 0, patch = 0] = undiciPackage.version.split('.').map(Number)
  expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(8_010_001)
})

describe('deadlines', () => {
  test('a silent server and a slow-loris stream end at the deadline, whatever still drips', async () => {
    const dripping = new Set<NodeJS.Timeout>()
    await using server = await FakeServer.start((response, _seen, index) => {
      if (index % 2 === 0) return
      startStream(response)
      const timer = setInterval(() => response.write(': ping\n\n'), 5)
      dripping.add(timer)
      response.on('close', () => {
        clearInterval(timer)
        dripping.delete(timer)
      })
    })
    const result = await run(knownTarget(server.origin, api), scenarioOf({ requests: 6 }), { requestTimeoutMs: 80 })
    expect(countOutcomes(result)).toEqual({ deadline: 6 })
    for (const record of result.records) expect(record.detail).toMatch(/80 ms/)
    await until(() => dripping.size === 0 && server.openSockets === 0)
  })

  test('a good request after one that ran out of time gets a good answer', async () => {
    const afterWarmup = 8
    await using server = await FakeServer.start((response, seen, index) =>
      index === afterWarmup ? undefined : fakeOpenAi()(response, seen, index),
    )
    const result = await run(knownTarget(server.origin, api), scenarioOf({ concurrency: 1 }), { requestTimeoutMs: 300 })
    expect(countOutcomes(result)).toEqual({ deadline: 1, ok: 11 })
  })
})

describe('an abort', () => {
  test('ends requests in flight as aborted, sends no more, and leaves no socket', async () => {
    const abort = new AbortController()
    await using server = await FakeServer.start((response, seen, index) => {
      if (index < 20) return fakeOpenAi()(response, seen, index)
      startStream(response)
      response.write(event({ choices: [{ text: 'word', finish_reason: null }] }))
      if (index === 23) setTimeout(() => abort.abort(), 20)
    })
    const scenario = scenarioOf({ concurrency: 4, requests: 40 })
    const result = await run(knownTarget(server.origin, api), scenario, { signal: abort.signal })
    expect(countOutcomes(result)).toEqual({ ok: 20 - result.window.warmupRequests, aborted: 4 })
    expect(server.asked).toHaveLength(24)
    await until(() => server.openSockets === 0)
  })

  test('before anything was measured gives an empty run, not numbers', async () => {
    const abort = new AbortController()
    await using server = await FakeServer.start(() => abort.abort())
    const result = await run(knownTarget(server.origin, api), scenarioOf(), { signal: abort.signal })
    expect(result.records).toEqual([])
    expect(result.window.endMs).toBe(result.window.startMs)
  })

  test('before prompts are made is an error that carries the reason of the abort', async () => {
    await using server = await FakeServer.start(fakeOpenAi())
    const reason = new ActionError('invalid', 'The server exited with code 3.', 'Look at its log.')
    const target = knownTarget(server.origin, api, {
      promptSource: {
        kind: 'words',
        list: { words: ['a', 'b'], isUniform: true },
        line: { tokensPerUnit: 1, overhead: 0 },
      },
    })
    await expect(run(target, scenarioOf(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(server.log).toEqual([])
  })
})
