// Trials against real server processes: small HTTP servers in JavaScript that speak the completions API.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { runTrial, type TrialOrder, type TrialSurroundings } from '../../src/measure/trial.ts'
import type { LoadConfig, ServerConfig } from '../../src/model/config.ts'
import { plainLoad } from '../../src/model/scenario.ts'
import type { OwnedProcess } from '../../src/server/index.ts'

/** Answers each completion with the tokens asked for; what `script` adds runs before each one. */
const server = (script: string) => `
import { createServer } from 'node:http'
let completions = 0
createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  if (request.method === 'GET') return response.end(JSON.stringify({ data: [{ id: 'tiny' }] }))
  if (request.url !== '/v1/completions') return response.writeHead(404).end('{}')
  const { max_tokens, stream, prompt } = JSON.parse(body)
  completions += 1
  ${script}
  const usage = { prompt_tokens: String(prompt).trim().split(/\\s+/).length, completion_tokens: max_tokens }
  if (!stream) return response.end(JSON.stringify({ choices: [{ text: ' a'.repeat(max_tokens), finish_reason: 'length' }], usage }))
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (value) => response.write('data: ' + JSON.stringify(value) + '\\n\\n')
  for (let token = 0; token < max_tokens; token++) {
    send({ choices: [{ text: ' a', finish_reason: token === max_tokens - 1 ? 'length' : null }] })
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  send({ choices: [], usage })
  response.end('data: [DONE]\\n\\n')
}).listen(process.env.PORT, '127.0.0.1')
`

let folder: string
let spawned: OwnedProcess[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-perf-trial-'))
  spawned = []
})
afterEach(async () => {
  await rm(folder, { recursive: true })
  for (const { pid } of spawned) expect(() => process.kill(pid, 0), `server ${pid} is gone`).toThrow()
})

const scenario = {
  ...plainLoad,
  name: 's',
  promptTokens: 12,
  outputTokens: 4,
  concurrency: 2,
  requests: 6,
  streaming: true,
}
const order: TrialOrder = { id: 'h1', side: 'head', stage: 'screen', pair: null, order: 0, scenarios: [scenario] }

const config: ServerConfig = {
  command: [process.execPath, 'server.mjs'],
  setup: null,
  workingDirectory: '.',
  port: 0,
  readyPath: '/health',
  readyTimeoutSeconds: 20,
  env: { PORT: '{{port}}' },
  stopGraceSeconds: 2,
}

const load: LoadConfig = {
  api: {
    type: 'openai-completions',
    model: null,
    extraBody: {},
    generate: {
      path: '/',
      streamPath: '/',
      request: '{}',
      text: 'text',
      promptTokens: null,
      outputTokens: 'requested',
      streamFormat: 'sse',
      finishReason: 'finish_reason',
      done: 'done',
      error: 'error',
    },
  },
  scenarios: [scenario],
  prompts: {},
  requestTimeoutSeconds: 10,
  seed: 1,
}

async function trialOf(script: string, around: Partial<TrialSurroundings> = {}) {
  await writeFile(join(folder, 'server.mjs'), server(script))
  const side = { side: 'head' as const, commit: null, root: folder, server: config }
  return await runTrial(order, side, {
    load,
    marker: 'llm-perf-test-trial',
    logFile: () => join(folder, 'server.log'),
    signal: new AbortController().signal,
    onSpawn: (owned) => spawned.push(owned),
    log: silentLog,
    targets: new Map(),
    ...around,
  })
}

test('a trial has every request of the plan, its window and what it cost', async () => {
  const { record, requests } = await trialOf('')
  expect(record.findings).toEqual([])
  expect(requests.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
  expect(
    requests.every(
      ({ outcome, promptTokens, outputTokens }) => outcome === 'ok' && promptTokens === 12 && outputTokens === 4,
    ),
  ).toBe(true)
  expect(record.windows).toMatchObject([
    { scenario: 's', warmupRequests: expect.any(Number), warmupFailures: [], countSource: 'usage' },
  ])
  expect(record.startupMs).toBeGreaterThan(0)
  expect(record.durationMs).toBeGreaterThan(record.startupMs + record.stopMs)
})

test('a server that dies while it is measured: a finding with signal and log, and what was measured is kept', async () => {
  const { record, requests } = await trialOf(
    'if (completions > 12) { console.log("out of memory"); process.kill(process.pid, "SIGKILL") }',
  )
  expect(record.findings).toMatchObject([{ code: 'server-died', scenario: null }])
  expect(record.findings[0]?.message).toContain('SIGKILL')
  expect(record.findings[0]?.message).toContain('out of memory')
  expect(requests.length).toBeGreaterThan(0)
})

test('a server that exits by itself: its exit code', async () => {
  const { record } = await trialOf('if (completions > 12) process.exit(7)')
  expect(record.findings[0]?.message).toContain('exited with code 7')
})

test('a cancel stops the server and throws its reason', async () => {
  const controller = new AbortController()
  const log = { ...silentLog, progress: () => controller.abort(new Error('enough')) }
  const running = trialOf('', { signal: controller.signal, log })
  await expect(running).rejects.toThrow('enough')
})

test('what was found out about a side’s server is used again on its next start', async () => {
  const targets: TrialSurroundings['targets'] = new Map()
  await trialOf('', { targets })
  const first = targets.get('head')
  await trialOf('', { targets })
  expect(targets.get('head')).toMatchObject({ model: first?.model, promptSource: first?.promptSource })
  expect(targets.get('head')?.origin).not.toBe(first?.origin)
})
