import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { chooseFreePort } from '../../src/server/port.ts'
import {
  answerOf,
  exitOf,
  parseEvents,
  poolWorkers,
  post,
  spawnEngine,
  startEngineProcess,
  wordIds,
} from './engine-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'engine-lifecycle-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function outputOf(args: readonly string[]) {
  const child = spawnEngine(args)
  let stderr = ''
  child.stderr?.on('data', (part) => {
    stderr += part
  })
  return { exit: await exitOf(child), stderr: () => stderr }
}

describe('the start', () => {
  it('opens the port at once, answers 503 while the model loads, then 200', async () => {
    const port = await chooseFreePort()
    const child = spawnEngine(['--port', String(port), '--preset', 'small', '--cache-dir', folder])
    const seen = new Set<number>()
    while (!seen.has(200) && child.exitCode === null) {
      const status = await fetch(`http://127.0.0.1:${port}/health`).then(
        (response) => response.status,
        () => 0,
      )
      seen.add(status)
    }
    child.kill()
    await exitOf(child)
    expect([...seen].filter((status) => status !== 0)).toEqual([503, 200])
  })

  it('says one line of JSON on stdout, with the port it chose', async () => {
    const engine = await startEngineProcess()
    expect(engine.port).toBeGreaterThan(0)
    expect((await fetch(`${engine.url}/health`)).status).toBe(200)
    await engine.stop()
  })

  it('reads a config file', async () => {
    const config = join(folder, 'engine.json')
    writeFileSync(config, '{"contextSize": 64, "preset": "tiny", "seed": 9}')
    const engine = await startEngineProcess(['--config', config])
    const { data } = await answerOf(await fetch(`${engine.url}/v1/models`))
    await engine.stop()
    expect(data[0]).toMatchObject({ id: 'random-tiny', max_model_len: 64 })
  })

  it('is refused with every wrong option named, exit code 2', async () => {
    const { exit, stderr } = await outputOf(['--port', 'http', '--preset', 'huge'])
    expect(exit).toEqual({ code: 2, signal: null })
    expect(stderr()).toContain('port: expected a whole number from 0 to 65535, got "http"')
    expect(stderr()).toContain('preset: expected nano, tiny, small, got "huge"')
  })

  it('is refused when the port is taken, exit code 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const { exit, stderr } = await outputOf(['--port', String(port), '--cache-dir', folder])
    taken.close()
    expect(exit).toEqual({ code: 1, signal: null })
    expect(stderr()).toContain(`127.0.0.1:${port}`)
  })

  it.runIf(process.platform === 'linux')('computes on one worker of the thread pool', async () => {
    const engine = await startEngineProcess()
    await post(`${engine.url}/v1/completions`, { prompt: wordIds(30), max_tokens: 4 })
    const workers = poolWorkers(engine.child.pid)
    await engine.stop()
    expect(workers).toBe(1)
  })
})

describe.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
  it('ends an idle engine with exit code 0 and frees the port', async () => {
    const engine = await startEngineProcess()
    expect(await engine.stop(signal)).toEqual({ code: 0, signal: null })
    expect(() => process.kill(engine.child.pid ?? 0, 0)).toThrow('ESRCH')
    const reuse = createServer().listen(engine.port, '127.0.0.1')
    await once(reuse, 'listening')
    reuse.close()
  })

  it('ends a busy one as well: streams are cut without their end marker', async () => {
    const engine = await startEngineProcess()
    const streams = await Promise.all(
      Array.from({ length: 6 }, (_, index) => {
        const body = { prompt: wordIds(300, index), max_tokens: 700, ignore_eos: true, stream: true }
        return post(`${engine.url}/v1/completions`, body)
      }),
    )
    const [first] = streams
    const reader = first?.body?.getReader()
    await reader?.read()
    const cut = Promise.allSettled(streams.slice(1).map(async (stream) => parseEvents(await stream.text())))
    expect(await engine.stop(signal)).toEqual({ code: 0, signal: null })
    expect((await cut).map((result) => result.status)).toEqual(Array(5).fill('rejected'))
  })

  it('ends it while the model still loads', async () => {
    const child = spawnEngine(['--port', String(await chooseFreePort()), '--cache-dir', folder, '--seed', '77'])
    await new Promise((resolve) => setTimeout(resolve, 250))
    child.kill(signal)
    const exit = await exitOf(child)
    expect(exit.code === 0 || exit.signal === signal).toBe(true)
  })
})
