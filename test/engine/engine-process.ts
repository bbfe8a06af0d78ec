import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const mainPath = join(import.meta.dirname, '../../examples/engine/main.ts')

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface EngineProcess {
  readonly child: ChildProcess
  readonly port: number
  readonly url: string
  readonly stderr: () => string
  /** Ends the process and removes its cache; returns how it ended. */
  stop(signal?: NodeJS.Signals): Promise<Exit>
}

export function spawnEngine(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [mainPath, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
}

export async function exitOf(child: ChildProcess): Promise<Exit> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return { code: child.exitCode, signal: child.signalCode }
}

/** The real engine in its own process, with its own model cache, ready to answer. */
export async function startEngineProcess(args: readonly string[] = []): Promise<EngineProcess> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'engine-test-'))
  const child = spawnEngine(['--port', '0', '--cache-dir', cacheDir, ...args])
  let errors = ''
  child.stderr?.on('data', (part) => {
    errors += part
  })
  if (!child.stdout) throw new Error('The engine was started without its output')
  const lines = createInterface({ input: child.stdout })
  const line = await Promise.race([once(lines, 'line'), once(child, 'exit')])
  if (child.exitCode !== null) throw new Error(`The engine ended with ${child.exitCode}: ${errors}`)
  const { port } = JSON.parse(String(line[0]))
  return {
    child,
    port,
    url: `http://127.0.0.1:${port}`,
    stderr: () => errors,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const exit = await exitOf(child)
      rmSync(cacheDir, { recursive: true, force: true })
      return exit
    },
  }
}

/** Workers of the thread pool that compute runs on. Linux only. */
export function poolWorkers(pid: number | undefined): number {
  const tasks = `/proc/${pid}/task`
  const names = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/comm`, 'utf8').trim())
  return names.filter((name) => name === 'libuv-worker').length
}

export function post(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), ...init })
}

/** The JSON body of an answer, as far as any endpoint goes; a field that another endpoint has is simply not there. */
export interface Answer {
  readonly object: string
  readonly model: string
  readonly choices: readonly [{ text: string; message: { role: string; content: string }; finish_reason: string }]
  readonly usage: Usage
  readonly error: { message: string; type: string; param: string | null; code: string }
  readonly data: readonly unknown[]
  readonly count: number
  readonly tokens: readonly number[]
  readonly active: number
  readonly queued: number
}

export async function answerOf(response: Response): Promise<Answer> {
  return (await response.json()) as Answer
}

/** The events of a finished stream, parsed, without the [DONE] marker, which must be the last. */
export function parseEvents(text: string): StreamEvent[] {
  const blocks = text.split('\n\n')
  if (blocks.pop() !== '' || blocks.pop() !== 'data: [DONE]') throw new Error(`No [DONE] at the end of: ${text}`)
  return blocks.map((block) => {
    if (!block.startsWith('data: ')) throw new Error(`Not an event: ${block}`)
    return JSON.parse(block.slice('data: '.length))
  })
}

export interface StreamEvent {
  readonly id: string
  readonly object: string
  readonly model: string
  readonly choices: readonly {
    readonly text?: string
    readonly delta?: { readonly role?: string; readonly content?: string }
    readonly finish_reason: string | null
  }[]
  readonly usage?: Usage
}

export interface Usage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
  readonly prompt_tokens_details: { readonly cached_tokens: number }
}

/** Ids of readable words of the nano vocabulary, different for each start. */
export function wordIds(count: number, start = 0): number[] {
  return Array.from({ length: count }, (_, index) => 420 + ((start * 97 + index * 13) % 3600))
}
