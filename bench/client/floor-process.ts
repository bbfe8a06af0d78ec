import { Client } from 'undici'
import { startReferenceProcess } from '../../src/load/calibration/index.ts'
import type { Cell } from './cells.ts'
import type { Floor } from './result.ts'

/**
 * What this machine allows: the cell under the barest client there is, on the same library. It reads nothing, checks
 * nothing and keeps nothing but two clock readings. The cell comes as JSON in the first argument.
 */
const { load, flags } = JSON.parse(process.argv[2] ?? '') as Cell
const { outputTokens, requests } = load
const streams = load.concurrency ?? 1
const { signal } = new AbortController()
const reference = await startReferenceProcess(flags, signal)
const clients = Array.from({ length: streams }, () => new Client(reference.origin, { pipelining: 1, bodyTimeout: 0 }))
const headers = { 'content-type': 'application/json' }
try {
  await sendAll(Math.max(2 * streams, Math.ceil(requests / 10)))
  const startedMs = performance.now()
  const cpuBefore = process.cpuUsage()
  await sendAll(requests)
  const seconds = (performance.now() - startedMs) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  const requestsPerSecond = requests / seconds
  const cpuSecondsPer1000 = (user + system) / 1000 / requests
  const floor: Floor = {
    name: load.name,
    requestsPerSecond,
    eventsPerSecond: requestsPerSecond * outputTokens,
    cpuSecondsPer1000,
  }
  console.log(JSON.stringify(floor))
} finally {
  await Promise.all(clients.map((client) => client.destroy()))
  await reference.stop()
}

async function sendAll(count: number): Promise<void> {
  let left = count
  const keepBusy = async (client: Client): Promise<void> => {
    while (left > 0) {
      left -= 1
      await send(client, left)
    }
  }
  await Promise.all(clients.map(keepBusy))
}

function send(client: Client, index: number): Promise<void> {
  const prompt = [index, ...Array.from({ length: load.promptTokens - 1 }, (_, place) => place)]
  const lengths = { max_tokens: outputTokens, min_tokens: outputTokens, ignore_eos: true }
  const body = JSON.stringify({ model: 'reference', prompt, ...lengths, temperature: 0, stream: true })
  return new Promise((resolve, reject) => {
    client.dispatch(
      { method: 'POST', path: '/v1/completions', headers, body },
      {
        onRequestStart: () => void performance.now(),
        onResponseStart: (_controller, status) => {
          if (status !== 200) reject(new Error(`status ${status}`))
        },
        onResponseData: () => void performance.now(),
        onResponseEnd: () => resolve(),
        onResponseError: (_controller, error) => reject(error),
      },
    )
  })
}
