/**
 * What the package `emulate` leaves out, or allows where github.com does not:
 * 401 for an unknown token; 422 for bodies over the limits; the viewer's login by GraphQL; `GET /user` closed to the
 * tokens of jobs; commit statuses; the pull requests of a commit; the files of a pull request; absent bodies.
 * Faults are set by `POST /_faults` (a list of rules) and everything that was asked is read by `GET /_journal`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { type FaultRule, Faults } from './faults.ts'
import { tooLong } from './limits.ts'
import { missingRoutes } from './missing-routes.ts'
import type { Tokens } from './tokens.ts'

export interface ProxyOptions {
  readonly backendUrl: string
  readonly knownTokens: Tokens
  readonly owner: string
  readonly repo: string
}

/** One request as the proxy saw it. Status 0: the connection was broken instead of an answer. */
export interface JournalEntry {
  readonly method: string
  readonly path: string
  readonly status: number
  /** The text of a comment or of a file, so that a test need not ask for it again. */
  readonly body: unknown
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Ask {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly token: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export function createProxy(options: ProxyOptions) {
  const faults = new Faults()
  const journal: JournalEntry[] = []
  const routes = missingRoutes(options)
  const tokens = new Set<string>(Object.values(options.knownTokens))

  const answer = async (ask: Ask): Promise<Answer> => {
    if (ask.token !== null && !tokens.has(ask.token)) return json(401, { message: 'Bad credentials' })
    const refused = tooLong(ask)
    if (refused) return json(422, { message: 'Validation Failed', errors: [{ code: 'custom', message: refused }] })
    return (await routes(ask)) ?? (await forward(options.backendUrl, ask))
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const ask = await readAsk(request)
    if (ask.path === '/_journal') return send(response, json(200, journal))
    if (ask.path === '/_faults') {
      faults.set(JSON.parse(ask.body.toString()) as FaultRule[])
      return send(response, json(200, {}))
    }
    const fault = faults.take(`${ask.method} ${ask.path}`)
    if (fault?.delayMs) await delay(fault.delayMs)
    if (fault?.holdUntil) await answered(journal, fault.holdUntil)
    const done = !fault || fault.after || isDelayOnly(fault) ? await answer(ask) : null
    const shown = fault?.status ? json(fault.status, fault.body ?? { message: 'fault' }, fault.headers) : done
    const status = fault?.reset || !shown ? 0 : shown.status
    journal.push({ method: ask.method, path: ask.path, status, body: parsed(ask.body) })
    if (status === 0 || !shown) request.socket.destroy()
    else send(response, shown)
  }
}

/** Resolves once a request that matches was answered after now; a test that waits in vain fails by its own deadline. */
async function answered(journal: readonly JournalEntry[], match: string): Promise<void> {
  const start = journal.length
  const isAnswered = () => journal.slice(start).some(({ method, path }) => new RegExp(match).test(`${method} ${path}`))
  while (!isAnswered()) await delay(5)
}

function isDelayOnly(fault: FaultRule): boolean {
  return !fault.status && !fault.reset
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const isText = typeof value === 'string'
  const type = isText ? 'text/html' : 'application/json; charset=utf-8'
  const body = Buffer.from(isText ? value : JSON.stringify(value))
  return { status, headers: { 'content-type': type, ...headers }, body }
}

/** Asks the package itself. Some clients leave the body of a POST or PUT out, which the package refuses. */
export async function forward(backendUrl: string, ask: Ask): Promise<Answer> {
  const hasBody = ask.method !== 'GET' && ask.method !== 'HEAD' && ask.method !== 'DELETE'
  const body = hasBody ? { body: ask.body.length > 0 ? ask.body.toString() : '{}' } : {}
  const headers = { ...ask.headers, ...(hasBody ? { 'content-type': 'application/json' } : {}) }
  const response = await fetch(`${backendUrl}${ask.path}${ask.query}`, { method: ask.method, headers, ...body })
  const kept = [
    'content-type',
    'link',
    'retry-after',
    'x-ratelimit-remaining',
    'x-ratelimit-reset',
    'x-ratelimit-limit',
  ]
  const pairs = kept.flatMap((name) => {
    const value = response.headers.get(name)
    return value === null ? [] : [[name, value]]
  })
  return {
    status: response.status,
    headers: Object.fromEntries(pairs),
    body: Buffer.from(await response.arrayBuffer()),
  }
}

async function readAsk(request: IncomingMessage): Promise<Ask> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const url = new URL(request.url ?? '/', 'http://fake')
  const { authorization, accept } = request.headers
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.search,
    token: authorization?.replace(/^(token|bearer) /i, '') ?? null,
    headers: { ...(authorization ? { authorization } : {}), ...(accept ? { accept } : {}) },
    body: Buffer.concat(chunks),
  }
}

function parsed(body: Buffer): unknown {
  if (body.length === 0) return null
  try {
    return JSON.parse(body.toString())
  } catch {
    return body.toString()
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': body.length })
  response.end(body)
}
