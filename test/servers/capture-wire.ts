import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { recipes, type ServerName, serverFolder, serverNames } from '../../scripts/servers/index.ts'
import { apis } from '../../src/load/api/index.ts'
import { requestOneToken } from '../../src/load/index.ts'
import type { ApiConfig } from '../../src/model/config.ts'
import { type RunningServer, startServer } from '../../src/server/index.ts'
import { apiConfig } from '../load/load-setup.ts'

/**
 * Writes what real servers send, byte for byte with headers and framing, to test/load/wire/, where `npm test` reads it.
 *
 *     node test/servers/capture-wire.ts llama-server [fastapi] [vllm]
 *
 * The servers must be installed: `npm run test:servers -- NAME --install-only`.
 */
const out = resolve(import.meta.dirname, '../load/wire')

interface Question {
  readonly file: string
  readonly type: ApiConfig['type']
  readonly streaming: boolean
  /** Token ids where the API takes them, so that their number is known. */
  readonly prompt?: string | readonly number[]
  readonly outputTokens?: number
  readonly model?: string
  /** Sends SIGTERM in the middle of the answer; the last question, then. */
  readonly ends?: boolean
}

const silenceMs = 30_000
const partsBeforeEnd = 10

const twelveIds = [500, 520, 540, 560, 580, 600, 620, 640, 660, 680, 700, 720]
const tooManyIds = Array.from({ length: 3000 }, (_, index) => 500 + (index % 200))

const questions: Readonly<Partial<Record<ServerName, readonly Question[]>>> = {
  'llama-server': [
    { file: 'completions-stream', type: 'openai-completions', streaming: true },
    { file: 'completions-whole', type: 'openai-completions', streaming: false },
    { file: 'chat-stream', type: 'openai-chat', streaming: true, prompt: 'Hello' },
    { file: 'native-stream', type: 'llama-cpp', streaming: true },
    { file: 'native-whole', type: 'llama-cpp', streaming: false },
    { file: 'too-long', type: 'openai-completions', streaming: true, prompt: tooManyIds },
    { file: 'sigterm', type: 'openai-completions', streaming: true, outputTokens: 900, ends: true },
  ],
  fastapi: [
    { file: 'stream', type: 'generate', streaming: true, prompt: 'Hello' },
    { file: 'whole', type: 'generate', streaming: false, prompt: 'Hello' },
    { file: 'too-long', type: 'generate', streaming: true, prompt: ' the'.repeat(5000) },
  ],
  vllm: [
    { file: 'completions-stream', type: 'openai-completions', streaming: true },
    { file: 'completions-whole', type: 'openai-completions', streaming: false },
    { file: 'chat-stream', type: 'openai-chat', streaming: true, prompt: 'Hello' },
    { file: 'too-long', type: 'openai-completions', streaming: true, prompt: tooManyIds },
    { file: 'unknown-model', type: 'openai-completions', streaming: true, model: 'no-such-model' },
    { file: 'sigterm', type: 'openai-completions', streaming: true, outputTokens: 900, ends: true },
  ],
}

async function capture(name: ServerName): Promise<void> {
  const asked = questions[name] ?? []
  const folder = mkdtempSync(join(tmpdir(), 'llm-perf-wire-'))
  const signal = new AbortController().signal
  const first = apiConfig(asked[0]?.type ?? 'openai-completions')
  const server = await startServer({
    config: { ...recipes[name].start(serverFolder(name)), setup: null, workingDirectory: '.', port: 0 },
    root: folder,
    logFile: join(folder, 'server.log'),
    marker: `capture-${process.pid}`,
    probe: (origin, probeSignal) => requestOneToken(origin, first, { signal: probeSignal, timeoutMs: 120_000 }),
    signal,
    onSpawn: () => {},
    log: console.log,
  })
  try {
    for (const question of asked) {
      const bytes = await exchange(server, question)
      writeFileSync(join(out, `${name}-${question.file}.txt`), bytes)
      console.log(`${name}-${question.file}.txt: ${bytes.length} bytes`)
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Sends the request that the product would send, and keeps every byte until the server closes the connection. */
async function exchange(server: RunningServer, question: Question): Promise<Buffer> {
  const { type, streaming, prompt = twelveIds, outputTokens = 16, model = 'tiny', ends = false } = question
  const config = apiConfig(type)
  const request = apis[type].request({ config, model, prompt, outputTokens, streaming, isLlamaCpp: false })
  const body = request.body ?? Buffer.alloc(0)
  const head = [
    `${request.method} ${request.path} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    'accept-encoding: identity',
    `content-length: ${body.length}`,
    'connection: close',
  ]
  const parts: Buffer[] = []
  const socket = connect(server.port, '127.0.0.1')
  // A server that neither goes on nor closes is part of what is recorded.
  socket.setTimeout(silenceMs, () => socket.destroy())
  socket.write(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]))
  socket.on('data', (bytes) => {
    parts.push(bytes)
    if (ends && parts.length === partsBeforeEnd) process.kill(server.pid, 'SIGTERM')
  })
  await new Promise((resolveEnd) => socket.once('close', resolveEnd).once('error', resolveEnd))
  return Buffer.concat(parts)
}

for (const name of serverNames) if (process.argv.includes(name)) await capture(name)
