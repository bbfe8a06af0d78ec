import { createServer, type Server, type Socket } from 'node:net'
import { ActionError, messageOf } from '../errors.ts'
import { StreamedAnswer, WholeAnswer } from './answer.ts'
import { chatForm, completionForm, errorBody } from './answer-form.ts'
import { monotonicMs } from './clock.ts'
import { faultOf, faults, soundScript } from './faults.ts'
import { parseGeneration, parseObject } from './generation-request.ts'
import { sendJson } from './http-text.ts'
import { entryOf, type LoggedRequest } from './log.ts'
import type { ReferenceOptions } from './options.ts'
import { type IncomingRequest, RequestReader } from './request-reader.ts'
import { Schedule } from './schedule.ts'
import { Vocabulary } from './vocabulary.ts'

const modelName = 'reference'

/**
 * An OpenAI server without a model: its tokens come by the clock, so what a client reports can be held against what
 * really happened. On bare sockets, since a web framework would be the least exact part of it.
 *
 * Paths: POST /v1/completions, /v1/chat/completions, /tokenize; /log/clear; GET /v1/models, /health, /log.
 */
export class ReferenceServer {
  readonly log: LoggedRequest[] = []
  readonly #options: ReferenceOptions
  readonly #schedule = new Schedule()
  readonly #vocabulary = new Vocabulary()
  readonly #sockets = new Set<Socket>()
  readonly #server: Server
  #asked = 0

  private constructor(options: ReferenceOptions) {
    this.#options = options
    this.#server = createServer({ noDelay: true }, (socket) => this.#serve(socket))
  }

  /** @throws ActionError `usage` when the port cannot be had. */
  static async start(options: ReferenceOptions): Promise<ReferenceServer> {
    const reference = new ReferenceServer(options)
    const { host, port } = options
    await new Promise<void>((resolve, reject) => {
      reference.#server.once('error', (error) =>
        reject(
          new ActionError('usage', `--port ${port}: ${messageOf(error)}.`, 'Give another port, or 0 for a free one.'),
        ),
      )
      reference.#server.listen({ host, port, backlog: 4096 }, resolve)
    })
    return reference
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : this.#options.port
  }

  /** Closes every connection, whatever it carries. */
  async close(): Promise<void> {
    this.#schedule.clear()
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #serve(socket: Socket): void {
    const reader = new RequestReader()
    /** Requests that came while an earlier one was being answered; null: none is. */
    let waiting: IncomingRequest[] | null = null
    const answerNext = (): void => {
      const next = waiting?.shift()
      if (next) this.#answer(socket, next, monotonicMs(), answerNext)
      else waiting = null
    }
    this.#sockets.add(socket)
    // A client that goes away is its own business.
    socket.on('error', () => {})
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('data', (bytes) => {
      const arrivalMs = monotonicMs()
      try {
        for (const request of reader.take(bytes)) {
          if (waiting !== null) waiting.push(request)
          else {
            waiting = []
            this.#answer(socket, request, arrivalMs, answerNext)
          }
        }
      } catch (error) {
        sendJson(socket, 400, JSON.stringify({ error: { message: messageOf(error) } }), false)
        socket.end()
      }
    })
  }

  #answer(socket: Socket, request: IncomingRequest, arrivalMs: number, next: () => void): void {
    const keepsAlive = request.headers.get('connection')?.toLowerCase() !== 'close'
    const onDone = (): void => {
      if (keepsAlive) next()
      else socket.end()
    }
    if (request.path === '/v1/completions' || request.path === '/v1/chat/completions') {
      this.#generate({ socket, request, arrivalMs, keepsAlive, onDone })
      return
    }
    const { status, value } = this.#lookUp(request)
    sendJson(socket, status, JSON.stringify(value), keepsAlive)
    onDone()
  }

  #generate({ socket, request, arrivalMs, keepsAlive, onDone }: Turn): void {
    const asked = parseGeneration(request.path, request.body)
    if (asked === null) {
      sendJson(socket, 400, '{"error":{"message":"needs prompt (or messages) and max_tokens from 1"}}', keepsAlive)
      onDone()
      return
    }
    this.#asked += 1
    const options = this.#options
    if (this.#asked === options.dieAt) process.kill(process.pid, 'SIGKILL')
    const fault = faultOf(this.#asked, options)
    const script = fault === null ? soundScript : faults[fault]
    const entry = entryOf(request, asked, { arrivalMs, fault })
    this.log.push(entry)
    if (script.status !== 200) {
      sendJson(socket, script.status, errorBody, keepsAlive)
      onDone()
      return
    }
    const id = `ref-${this.#asked}`
    const form = asked.isChat ? chatForm(id, modelName) : completionForm(id, modelName)
    const parts = { socket, form, script, entry, options, wantsUsage: asked.wantsUsage, keepsAlive, onDone }
    this.#schedule.add(asked.streaming ? new StreamedAnswer(parts) : new WholeAnswer(parts))
  }

  #lookUp({ method, path, body }: IncomingRequest): { status: number; value: unknown } {
    const route = `${method} ${path}`
    if (route === 'GET /health') return { status: 200, value: { status: 'ok' } }
    if (route === 'GET /v1/models')
      return { status: 200, value: { object: 'list', data: [{ id: modelName, object: 'model' }] } }
    if (route === 'POST /tokenize') return this.#tokenize(body)
    if (route === 'GET /log') return { status: 200, value: { requests: this.log } }
    if (route === 'POST /log/clear') {
      this.log.length = 0
      return { status: 200, value: {} }
    }
    return { status: 404, value: { error: { message: `no ${route} here` } } }
  }

  /** Both ways of asking: `prompt` (vLLM) and `content` (llama.cpp). */
  #tokenize(body: Buffer): { status: number; value: unknown } {
    const value = parseObject(body)
    const text = value?.prompt ?? value?.content
    if (typeof text !== 'string') return { status: 400, value: { error: { message: 'needs prompt or content' } } }
    const tokens = this.#vocabulary.idsOf(text)
    return { status: 200, value: { tokens, count: tokens.length, max_model_len: 1 << 20 } }
  }
}

/** One request for text and where its answer goes. */
interface Turn {
  readonly socket: Socket
  readonly request: IncomingRequest
  readonly arrivalMs: number
  readonly keepsAlive: boolean
  readonly onDone: () => void
}
