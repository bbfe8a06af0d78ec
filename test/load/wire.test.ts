// Answers of real servers, recorded byte for byte: what the client makes of them, without the servers.
import { readdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { judgeAnswer } from '../../src/load/answer/judge-answer.ts'
import { apis } from '../../src/load/api/index.ts'
import type { ApiConfig } from '../../src/model/config.ts'
import type { Outcome } from '../../src/model/request.ts'
import { apiConfig, countOutcomes, knownTarget, run, scenarioOf } from './load-setup.ts'
import { captureOf, type RecordedAnswer, readRecorded } from './recorded-answer.ts'

/** A recorded answer, and what it holds as read off the file by eye. */
interface Row {
  readonly file: string
  readonly type: ApiConfig['type']
  readonly streaming: boolean
  readonly outcome: Outcome
  /** Of the failure: what it must say. */
  readonly detail?: RegExp
  readonly promptTokens?: number
  readonly cachedTokens?: number
  /** Number of the first piece with text, from 1, and how many there are. */
  readonly firstText?: number
  readonly texts?: number
}

/** Asked for each time. */
const outputTokens = 16

const rows: readonly Row[] = [
  {
    file: 'fastapi-stream.txt',
    type: 'generate',
    streaming: true,
    outcome: 'ok',
    promptTokens: 3,
    firstText: 2,
    texts: 10,
  },
  { file: 'fastapi-whole.txt', type: 'generate', streaming: false, outcome: 'ok', promptTokens: 3 },
  {
    file: 'fastapi-too-long.txt',
    type: 'generate',
    streaming: true,
    outcome: 'http-error',
    detail: /HTTP 413.*prompt of 5000 tokens/,
  },
  {
    // Usage in the last event with a choice, which has no text.
    file: 'llama-server-completions-stream.txt',
    type: 'openai-completions',
    streaming: true,
    outcome: 'ok',
    promptTokens: 12,
    cachedTokens: 0,
    firstText: 1,
    texts: 16,
  },
  {
    // The prompt of the answer before it, asked without `cache_prompt: false`.
    file: 'llama-server-completions-whole.txt',
    type: 'openai-completions',
    streaming: false,
    outcome: 'ok',
    promptTokens: 12,
    cachedTokens: 11,
  },
  {
    // Role with a null text, and the first text behind it in the same piece. Usage in an event without choices.
    file: 'llama-server-chat-stream.txt',
    type: 'openai-chat',
    streaming: true,
    outcome: 'ok',
    promptTokens: 20,
    cachedTokens: 0,
    firstText: 1,
    texts: 16,
  },
  {
    file: 'llama-server-native-stream.txt',
    type: 'llama-cpp',
    streaming: true,
    outcome: 'ok',
    promptTokens: 12,
    cachedTokens: 0,
    firstText: 1,
    texts: 16,
  },
  {
    file: 'llama-server-native-whole.txt',
    type: 'llama-cpp',
    streaming: false,
    outcome: 'ok',
    promptTokens: 12,
    cachedTokens: 0,
  },
  {
    file: 'llama-server-too-long.txt',
    type: 'openai-completions',
    streaming: true,
    outcome: 'http-error',
    detail: /HTTP 400.*3000 tokens.*exceeds the available context size \(1024 tokens\)/,
  },
  // Ended in the middle by SIGTERM: status 200, text, and no end.
  { file: 'llama-server-sigterm.txt', type: 'openai-completions', streaming: true, outcome: 'reset', detail: /./ },
  {
    // Usage in an event of its own, after the last choice.
    file: 'vllm-completions-stream.txt',
    type: 'openai-completions',
    streaming: true,
    outcome: 'ok',
    promptTokens: 12,
    cachedTokens: 0,
    firstText: 1,
    texts: 16,
  },
  {
    file: 'vllm-completions-whole.txt',
    type: 'openai-completions',
    streaming: false,
    outcome: 'ok',
    promptTokens: 12,
    cachedTokens: 0,
  },
  {
    // The first event holds the role and an empty text.
    file: 'vllm-chat-stream.txt',
    type: 'openai-chat',
    streaming: true,
    outcome: 'ok',
    promptTokens: 14,
    cachedTokens: 0,
    firstText: 2,
    texts: 16,
  },
  {
    file: 'vllm-too-long.txt',
    type: 'openai-completions',
    streaming: true,
    outcome: 'http-error',
    detail: /HTTP 400.*maximum context length is 1024 tokens/,
  },
  {
    file: 'vllm-unknown-model.txt',
    type: 'openai-completions',
    streaming: true,
    outcome: 'http-error',
    detail: /HTTP 404.*no-such-model/,
  },
]

test('every recorded answer is read', () => {
  const files = readdirSync(join(import.meta.dirname, 'wire')).filter((name) => name.endsWith('.txt'))
  expect(rows.map(({ file }) => file).toSorted()).toEqual(files.toSorted())
})

describe.for(rows)('$file', (row) => {
  const recorded = readRecorded(row.file)
  const { type, streaming, outcome, detail = null, promptTokens = null, cachedTokens = null } = row

  test('is read as it was sent: outcome, counts, and which piece held the first token', () => {
    const api = apiConfig(type)
    const judged = judgeAnswer(captureOf(recorded), { api: apis[type], config: api, outputTokens, streaming })
    expect(judged.outcome).toBe(outcome)
    if (detail) expect(judged.detail).toMatch(detail)
    if (outcome !== 'ok') return
    const { answer } = judged
    expect(answer).toMatchObject({ promptTokens, outputTokens, chunks: row.texts ?? 0 })
    expect(answer.cachedTokens ?? null).toBe(cachedTokens)
    expect(answer.firstTokenMs).toBe(row.firstText ?? null)
  })

  test.for([Number.POSITIVE_INFINITY, 100])(
    'comes out the same over a socket, at most %d bytes at a time',
    async (size) => {
      await using server = await replay(recorded, size)
      const target = knownTarget(server.origin, apiConfig(type), { closesAfter: { stream: true, body: true } })
      const result = await run(target, scenarioOf({ outputTokens, streaming, requests: 5 }))
      expect(countOutcomes(result)).toEqual({ [outcome]: 5 })
      for (const record of result.records) {
        if (detail) expect(record.detail).toMatch(detail)
        if (outcome === 'ok') expect(record).toMatchObject({ promptTokens, outputTokens, chunks: row.texts ?? 0 })
      }
    },
  )
})

/** Answers every request with the recorded bytes, in writes of so many, and closes as the server did. */
async function replay({ bytes }: RecordedAnswer, size: number): Promise<{ origin: string } & AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', async () => {
      const step = Math.min(size, bytes.length)
      for (let at = 0; at < bytes.length; at += step) {
        socket.write(bytes.subarray(at, at + step))
        await new Promise(setImmediate)
      }
      socket.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) }
}
