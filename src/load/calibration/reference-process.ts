import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { ActionError, messageOf } from '../../errors.ts'
import type { LoggedRequest } from '../../reference-server/index.ts'
import { Session } from '../session.ts'
import { referenceApi } from './reference-target.ts'

/** Where the server's program lies, seen from each place that this file is bundled into, and from its own source. */
const places = ['reference-server/index.js', '../reference-server/index.js', '../../reference-server/main.ts']

const readyTimeoutMs = 10_000
const logTimeoutMs = 10_000

/** A reference server in a process of its own. */
export interface ReferenceProcess {
  readonly origin: string
  readonly pid: number
  /** What it has been asked for, as it saw it itself. */
  log(signal: AbortSignal): Promise<readonly LoggedRequest[]>
  /** Forgets the log. */
  clearLog(signal: AbortSignal): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts a reference server and waits until it listens.
 *
 * @param flags of `llm-perf reference-server`, as they stand on a command line
 * @throws ActionError `invalid` when it does not start.
 */
export async function startReferenceProcess(flags: readonly string[], signal?: AbortSignal): Promise<ReferenceProcess> {
  const program = places.map((place) => resolve(import.meta.dirname, place)).find((path) => existsSync(path))
  if (program === undefined) throw notStarted(`its program is not beside ${import.meta.dirname}`)
  // Its standard input is its life line: it ends when this process does, however that ends.
  const child = spawn(process.execPath, [program, '--end-with-stdin', ...flags], {
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  const stop = async (): Promise<void> => {
    child.stdin.destroy()
    child.kill('SIGTERM')
    await ended
  }
  try {
    const origin = `http://127.0.0.1:${await portOf(child, signal)}`
    return {
      origin,
      pid: child.pid ?? 0,
      log: (stopped) => readLog(origin, stopped),
      clearLog: async (stopped) => void (await askFor(origin, 'POST', '/log/clear', stopped)),
      stop,
    }
  } catch (error) {
    child.kill('SIGKILL')
    await ended
    signal?.throwIfAborted()
    throw notStarted(messageOf(error))
  }
}

function portOf(child: ChildProcess, signal: AbortSignal | undefined): Promise<number> {
  return new Promise((resolvePort, reject) => {
    let complaint = ''
    const timer = setTimeout(() => reject(new Error(`it did not say so within ${readyTimeoutMs} ms`)), readyTimeoutMs)
    const fail = (why: string): void => {
      clearTimeout(timer)
      reject(new Error(why))
    }
    signal?.addEventListener('abort', () => fail('the run was stopped'), { once: true })
    child.once('error', (error) => fail(messageOf(error)))
    child.once('close', (code) => fail(`it ended with code ${code}. ${complaint}`))
    child.stdin?.on('error', () => {})
    child.stderr?.on('data', (text) => {
      complaint = `${complaint}${text}`.slice(-500)
    })
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer)
      resolvePort(Number(JSON.parse(line).port))
    })
  })
}

async function readLog(origin: string, signal: AbortSignal): Promise<readonly LoggedRequest[]> {
  const requests = ((await askFor(origin, 'GET', '/log', signal)) as { requests?: unknown } | undefined)?.requests
  if (!Array.isArray(requests)) throw notStarted('it does not answer for its log')
  return requests as LoggedRequest[]
}

async function askFor(origin: string, method: 'GET' | 'POST', path: string, signal: AbortSignal): Promise<unknown> {
  const session = new Session(origin, referenceApi, { signal, timeoutMs: logTimeoutMs })
  try {
    return (await session.json(method, path, null)).value
  } finally {
    await session.close()
  }
}

function notStarted(why: string): ActionError {
  return new ActionError(
    'invalid',
    `The load client could not be held against its reference server, so its own error is not known: ${why}.`,
    'The runner must be able to start Node processes and to connect to 127.0.0.1. Try `llm-perf reference-server` there by hand.',
  )
}
