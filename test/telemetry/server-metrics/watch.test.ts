// Looks at the counters of real HTTP servers, sound and broken ones.
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { watchServerCounters } from '../../../src/telemetry/index.ts'
import { answers, type Counted } from './answers.ts'

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const never = new AbortController().signal
const counted: Counted = { prompt: 128, output: 16, requests: 1, ttftSeconds: 0.1, cached: 0 }

test('the growth between begin and end, asked of /metrics without a connection that stays', async () => {
  let total = counted
  const asked: string[] = []
  const origin = await serve((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.connection}`)
    response.end(answers.vllm(total))
  })
  const counters = watchServerCounters(origin, never)
  await counters.begin()
  total = { ...counted, output: 116, requests: 5 }
  expect(await counters.end([])).toMatchObject({ server: 'vllm', outputTokens: 100, requests: 4 })
  expect(new Set(asked)).toEqual(new Set(['GET /metrics close']))
  await expect.poll(() => connections(), { timeout: 5000 }).toBe(0)
})

test('tokens that are counted late are waited for', async () => {
  let looks = 0
  const origin = await serve((_request, response) => {
    looks += 1
    // The last request's 16 tokens appear with the fourth look.
    response.end(answers.vllm({ ...counted, output: looks === 1 ? 16 : Math.min(16 + 16 * (looks - 1), 64) }))
  })
  const counters = watchServerCounters(origin, never)
  await counters.begin()
  expect(await counters.end([])).toMatchObject({ outputTokens: 48 })
  expect(looks).toBe(5)
})

test('a server whose counters never rest is not waited for for ever', async () => {
  let output = 0
  const origin = await serve((_request, response) => {
    output += 100
    response.end(answers.vllm({ ...counted, output }))
  })
  const counters = watchServerCounters(origin, never)
  await counters.begin()
  expect((await counters.end([]))?.outputTokens).toBeGreaterThanOrEqual(500)
})

test('each scenario starts from its own beginning', async () => {
  let output = 16
  const origin = await serve((_request, response) => response.end(answers.vllm({ ...counted, output })))
  const counters = watchServerCounters(origin, never)
  for (const tokens of [100, 7]) {
    await counters.begin()
    output += tokens
    expect((await counters.end([]))?.outputTokens).toBe(tokens)
    output += 1000
  }
})

const faults: Record<string, RequestListener> = {
  'there is no /metrics': (_request, response) => response.writeHead(404).end(answers.vllm(counted)),
  'it needs a login': (_request, response) => response.writeHead(401).end('no'),
  'it fails': (_request, response) => response.writeHead(500).end(answers.vllm(counted)),
  'it is another page': (_request, response) => response.end('<html></html>'),
  'it is a quoted string': (_request, response) => response.end(JSON.stringify(answers['llama.cpp'](counted))),
  'it never ends': (_request, response) => void response.write(answers.vllm(counted)),
  'it never answers': () => {},
  'it hangs up': (_request, response) => void response.socket?.destroy(),
  'it is cut': (_request, response) => {
    response.writeHead(200, { 'content-length': '100000' }).write(answers.vllm(counted), () => response.destroy())
  },
  'it has no end of bytes': (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(1 << 16))) {}
    }
    response.on('drain', more)
    more()
  },
}

test.each(Object.entries(faults))(
  'nothing comes of it when %s, and the server is asked only once',
  async (_name, fault) => {
    let asked = 0
    const origin = await serve((request, response) => {
      asked += 1
      fault(request, response)
    })
    const counters = watchServerCounters(origin, never)
    for (let scenario = 0; scenario < 3; scenario++) {
      await counters.begin()
      expect(await counters.end([])).toBeNull()
    }
    expect(asked).toBe(1)
  },
)

test('a server that stops telling in the middle has told nothing', async () => {
  let looks = 0
  const origin = await serve((_request, response) =>
    ++looks === 1 ? response.end(answers.vllm(counted)) : response.writeHead(503).end(),
  )
  const counters = watchServerCounters(origin, never)
  await counters.begin()
  expect(await counters.end([])).toBeNull()
})

test('no server at all', async () => {
  const counters = watchServerCounters('http://127.0.0.1:9', never)
  await counters.begin()
  expect(await counters.end([])).toBeNull()
})

test('a cancelled run does not wait', async () => {
  const controller = new AbortController()
  const origin = await serve(() => controller.abort(new Error('enough')))
  const counters = watchServerCounters(origin, controller.signal)
  await counters.begin()
  expect(await counters.end([])).toBeNull()
})

function connections(): Promise<number> {
  return new Promise((resolve) => server?.getConnections((_error, count) => resolve(count)))
}
