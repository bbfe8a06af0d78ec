// A whole trial of a small real server, watched by whatever tool it is given, and judged twice: as measured, and as read
// back from its recording.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect } from 'vitest'
import { silentLog } from '../../src/log.ts'
import { runTrial } from '../../src/measure/trial.ts'
import type { ScenarioWindow } from '../../src/model/recording.ts'
import type { TelemetrySummary } from '../../src/model/telemetry.ts'
import type { TrialEvidence } from '../../src/model/trial.ts'
import { parseConfig } from '../../src/plan/index.ts'
import { evidenceOfRecording, evidenceOfTrial } from '../../src/recording/evidence.ts'
import { readRecording } from '../../src/recording/read.ts'
import { createRecording } from '../../src/recording/write.ts'
import { header } from '../recording/sample.ts'

export interface WatchedTrial {
  readonly telemetry: TelemetrySummary
  readonly window: ScenarioWindow | undefined
  readonly evidence: TrialEvidence
  /** Findings about the machine and the server's counters: what else a busy test machine may give is left out. */
  readonly codes: readonly string[]
}

export interface WatchedOptions {
  readonly nvidiaSmi?: string
  /** Statements that run before each completion; `total` is what /metrics may tell. */
  readonly perCompletion?: string
  /** An expression: the text that GET /metrics answers with, from `total`; null: 404. */
  readonly metrics?: string
  /** Of each completion. */
  readonly tokenMs?: number
  readonly requests?: number
}

const told = new Set(['gpu-throttled', 'gpu-shared', 'gpu-unwatched', 'server-disagrees', 'cached-prompt'])

/** @throws what the trial throws; nothing is left running either way. */
export async function watchedTrial(options: WatchedOptions): Promise<WatchedTrial> {
  const folder = await mkdtemp(join(tmpdir(), 'llm-perf-watched-'))
  const spawned: number[] = []
  try {
    return await judgedTrial(options, folder, spawned)
  } finally {
    await rm(folder, { recursive: true })
    for (const pid of spawned) expect(() => process.kill(pid, 0), `server ${pid} is gone`).toThrow()
  }
}

async function judgedTrial(options: WatchedOptions, folder: string, spawned: number[]): Promise<WatchedTrial> {
  await writeFile(join(folder, 'server.mjs'), server(options))
  const { load, server: command } = parseConfig(configText(options), 'llm-perf.yml')
  const { scenarios } = load
  const order = { id: 'h1', side: 'head', stage: 'screen', pair: null, order: 0, scenarios } as const
  const side = { side: 'head', commit: null, root: folder, server: command } as const
  const { record, requests } = await runTrial(order, side, {
    load,
    marker: `llm-perf-test-${basename(folder)}`,
    logFile: () => join(folder, 'server.log'),
    signal: new AbortController().signal,
    onSpawn: ({ pid }) => spawned.push(pid),
    log: silentLog,
    targets: new Map(),
    nvidiaSmi: options.nvidiaSmi ?? '/nowhere/nvidia-smi',
  })
  const run = { ...header, plan: { ...header.plan, scenarios } }
  const writer = await createRecording(join(folder, 'recording'), run)
  await writer.append(record, requests)
  const evidence = evidenceOfTrial(record, requests, scenarios, run.plan.gate, run.calibration)
  expect(evidenceOfRecording(await readRecording(writer.directory))).toEqual([evidence])
  if (!record.telemetry) throw new Error('the trial was not watched')
  const codes = evidence.findings.map(({ code }) => code).filter((code) => told.has(code))
  return { telemetry: record.telemetry, window: record.windows[0], evidence, codes }
}

function configText({ requests = 8 }: WatchedOptions): string {
  return `version: 1
server:
  command: [${JSON.stringify(process.execPath)}, server.mjs]
  env: { PORT: '{{port}}' }
  ready: { path: /health }
api: { type: openai-completions }
scenarios:
  - { name: s, prompt-tokens: 12, output-tokens: 4, concurrency: 2, requests: ${requests} }
`
}

const server = ({ perCompletion = '', metrics = 'null', tokenMs = 5 }: WatchedOptions) => `
import { createServer } from 'node:http'
const total = { prompt: 0, output: 0, requests: 0, ttft: 0, cached: 0 }
createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  if (request.url === '/metrics') {
    const text = ${metrics}
    return text === null ? response.writeHead(404).end() : response.end(text)
  }
  if (request.method === 'GET') return response.end(JSON.stringify({ data: [{ id: 'tiny' }] }))
  if (request.url !== '/v1/completions') return response.writeHead(404).end('{}')
  const { max_tokens, stream, prompt } = JSON.parse(body)
  const usage = { prompt_tokens: String(prompt).trim().split(/\\s+/).length, completion_tokens: max_tokens }
  total.prompt += usage.prompt_tokens
  total.output += max_tokens
  total.requests += 1
  total.ttft += 0.001
  ${perCompletion}
  if (!stream) return response.end(JSON.stringify({ choices: [{ text: ' a'.repeat(max_tokens), finish_reason: 'length' }], usage }))
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const send = (value) => response.write('data: ' + JSON.stringify(value) + '\\n\\n')
  for (let token = 0; token < max_tokens; token++) {
    send({ choices: [{ text: ' a', finish_reason: token === max_tokens - 1 ? 'length' : null }] })
    await new Promise((resolve) => setTimeout(resolve, ${tokenMs}))
  }
  send({ choices: [], usage })
  response.end('data: [DONE]\\n\\n')
}).listen(process.env.PORT, '127.0.0.1')
`
