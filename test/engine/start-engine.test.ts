import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { exitOf, poolWorkers, post, wordIds } from './engine-process.ts'

/** A team's own server, as a user would write it: options from a JSON file, a hook that counts requests. */
const script = `
import { readFileSync } from 'node:fs'
import { startEngine } from ${JSON.stringify(new URL('../../examples/engine/index.ts', import.meta.url).href)}
const options = JSON.parse(readFileSync(new URL('./server.json', import.meta.url), 'utf8'))
let completions = 0
const { port } = await startEngine({ ...options, port: 0, onRequest({ method, path }) {
  if (method === 'POST' && path === '/v1/completions' && ++completions === 3) process.exit(17)
} })
console.log(port)
`

it('a server of a team can build on the engine: its options, and a hook that sees every request', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-team-'))
  writeFileSync(join(folder, 'server.json'), JSON.stringify({ contextSize: 128, cacheDir: folder }))
  writeFileSync(join(folder, 'server.mjs'), script)
  const child = spawn(process.execPath, [join(folder, 'server.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [port] = await once(createInterface({ input: child.stdout }), 'line')
    const complete = () => post(`http://127.0.0.1:${port}/v1/completions`, { prompt: wordIds(5), max_tokens: 2 })
    expect((await complete()).status).toBe(200)
    if (process.platform === 'linux') expect(poolWorkers(child.pid)).toBe(1)
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200)
    expect((await complete()).status).toBe(200)
    await expect(complete()).rejects.toThrow()
    expect(await exitOf(child)).toEqual({ code: 17, signal: null })
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})
