import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ActionError } from '../../src/errors.ts'
import { requestOneToken } from '../../src/load/index.ts'
import type { RequestRecord } from '../../src/model/request.ts'
import { apiConfig, connectTo, countOutcomes, noAbort, run, scenarioOf } from './load-setup.ts'

const main = fileURLToPath(new URL('../../examples/engine/main.ts', import.meta.url))

/** A real model server with a tiny model of random weights, in its own process. */
async function startEngine(): Promise<{ child: ChildProcess; origin: string }> {
  const child = spawn(process.execPath, [main, '--port', '0', '--preset', 'nano'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  })
  const origin = await new Promise<string>((resolve, reject) => {
    let output = ''
    child.stdout?.on('data', (bytes) => {
      output += String(bytes)
      const line = output.split('\n').find((text) => text.startsWith('{"ready":true'))
      if (line) resolve(`http://127.0.0.1:${JSON.parse(line).port}`)
    })
    child.once('exit', (code) => reject(new Error(`The engine ended with exit code ${code}.`)))
  })
  await waitForToken(origin)
  return { child, origin }
}

async function waitForToken(origin: string): Promise<void> {
  const limits = { signal: noAbort, timeoutMs: 20_000 }
  for (let tries = 0; ; tries += 1) {
    try {
      await requestOneToken(origin, apiConfig('openai-completions'), limits)
      return
    } catch (error) {
      if (error instanceof ActionError || tries === 200) throw error
      await sleep(100)
    }
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

let engine: Awaited<ReturnType<typeof startEngine>> | undefined
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(async () => {
  if (engine) await kill(engine.child)
})
const originOfEngine = (): string => engine?.origin ?? ''

describe.for(['openai-completions', 'openai-chat'] as const)('%s of a real engine', (type) => {
  test.for([
    { promptTokens: 128, outputTokens: 16, concurrency: 4, streaming: true },
    { promptTokens: 128, outputTokens: 16, concurrency: 4, streaming: false },
    { promptTokens: 37, outputTokens: 5, concurrency: 1, streaming: true },
    { promptTokens: 400, outputTokens: 3, concurrency: 8, streaming: true },
  ])(
    'exact lengths for $promptTokens in, $outputTokens out, $concurrency at a time, streaming $streaming',
    async (cell) => {
      const target = await connectTo(originOfEngine(), apiConfig(type))
      const result = await run(target, scenarioOf({ ...cell, requests: 16 }), { requestTimeoutMs: 50_000 })
      expect(result.window.warmupFailures).toEqual([])
      expect(countOutcomes(result)).toEqual({ ok: 16 })
      expect(target.promptSource.kind).toBe(type === 'openai-completions' ? 'token-ids' : 'words')
      const slack = type === 'openai-completions' ? 0 : Math.max(2, 0.02 * cell.promptTokens)
      for (const record of result.records) {
        expect(record.outputTokens).toBe(cell.outputTokens)
        expect(Math.abs((record.promptTokens ?? Number.NaN) - cell.promptTokens)).toBeLessThanOrEqual(slack)
        expect(record.cachedTokens ?? 0).toBe(0)
        if (cell.streaming) expectStreamed(record)
      }
    },
  )
})

function expectStreamed({ sentMs, firstTokenMs, lastTokenMs, endMs, chunks, outputTokens }: RequestRecord): void {
  const times = [sentMs, firstTokenMs, lastTokenMs, endMs].map((time) => time ?? Number.NaN)
  expect(times.every(Number.isFinite)).toBe(true)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(chunks).toBeGreaterThan(0)
  expect(chunks).toBeLessThanOrEqual(outputTokens ?? 0)
}

test('a prompt beyond the context fails with the words of the server', async () => {
  const target = await connectTo(originOfEngine(), apiConfig('openai-completions'))
  const result = await run(target, scenarioOf({ promptTokens: 5000, requests: 5 }))
  expect(countOutcomes(result)).toEqual({ 'http-error': 5 })
  expect(result.records[0]?.detail).toMatch(/HTTP 400.*5000/)
})

test('an engine that is killed in the middle leaves good records and then failures, all of them', async () => {
  const victim = await startEngine()
  try {
    const target = await connectTo(victim.origin, apiConfig('openai-completions'))
    const scenario = scenarioOf({ promptTokens: 64, outputTokens: 16, concurrency: 2, requests: 40 })
    const onProgress = (done: number): void => void (done === 10 && victim.child.kill('SIGKILL'))
    const { records } = await run(target, scenario, { onProgress })
    expect(records).toHaveLength(40)
    expect(records.slice(0, 10).every((record) => record.outcome === 'ok')).toBe(true)
    const failures = new Set(records.slice(12).map((record) => record.outcome))
    expect([...failures].every((outcome) => ['reset', 'stale-socket', 'connect-error'].includes(outcome))).toBe(true)
    expect(failures).toContain('connect-error')
  } finally {
    await kill(victim.child)
  }
})
