import type { LoadConfig, ServerConfig } from '../../src/model/config.ts'
import { plainLoad } from '../../src/model/scenario.ts'

/** Answers each completion with the tokens asked for; what `script` adds runs before each one. */
export const tinyServer = (script: string) => `
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

export const tinyScenario = {
  ...plainLoad,
  name: 's',
  promptTokens: 12,
  outputTokens: 4,
  concurrency: 2,
  requests: 6,
  streaming: true,
}

/** Expects the script as `server.mjs` in the root of its side. */
export const tinyServerConfig: ServerConfig = {
  command: [process.execPath, 'server.mjs'],
  setup: null,
  workingDirectory: '.',
  port: 0,
  readyPath: '/health',
  readyTimeoutSeconds: 20,
  env: { PORT: '{{port}}' },
  stopGraceSeconds: 2,
}

export const tinyLoad: LoadConfig = {
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
  scenarios: [tinyScenario],
  prompts: {},
  requestTimeoutSeconds: 10,
  seed: 1,
  compareOutputs: true,
}
