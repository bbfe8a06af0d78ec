import { type PeerName, peers } from '../peers/index.ts'
import type { PeerHome } from '../peers/peer.ts'
import { runPeer } from '../peers/run-peer.ts'
import { concurrency, type Fault, outputTokens, promptTokens, requests, requestTimeoutSeconds } from './faults.ts'
import { startFaulty } from './faulty-server.ts'
import { apis, type FailureApi, type Outcome, type ToolResult } from './result.ts'

const saidLength = 600
/** Enough for 40 requests of 0.2 s and the start of an interpreter with its libraries. */
const timeLimitSeconds = 120

/** What a peer makes of a fault. */
export async function runTheirs(name: PeerName, fault: Fault, home: PeerHome): Promise<ToolResult> {
  const counted: Partial<Record<FailureApi, Outcome>> = {}
  for (const api of apis) {
    const { successes, failures } = await run(name, { fault, api, every: 2, home })
    counted[api] = { successes, failures }
  }
  const { exitCode, tail } = await run(name, { fault, api: 'openai-completions', every: 1, home })
  return { counted, ending: { exitCode, said: tail.slice(-saidLength).trim() } }
}

interface Order {
  readonly fault: Fault
  readonly api: FailureApi
  readonly every: 1 | 2
  readonly home: PeerHome
}

async function run(name: PeerName, { fault, api, every, home }: Order) {
  await using server = await startFaulty(fault, { every, after: peers[name].probes })
  const cell = {
    origin: server.origin,
    api,
    model: 'reference',
    streaming: true,
    requestTimeoutSeconds,
    timeLimitSeconds,
  }
  return await runPeer(name, { ...cell, promptTokens, outputTokens, concurrency, requests }, home)
}
