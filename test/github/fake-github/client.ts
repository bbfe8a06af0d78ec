import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { FaultRule } from './faults.ts'
import type { JournalEntry } from './proxy.ts'
import type { Tokens } from './tokens.ts'

export interface FakeGitHub {
  readonly apiUrl: string
  readonly owner: string
  readonly repo: string
  readonly tokens: Tokens
  /** A request as a person, for preparing and for looking. Throws on any status but 2xx. */
  api<T = unknown>(method: string, path: string, body?: unknown, token?: string): Promise<T>
  /** Replaces the rules in force. */
  faults(rules: readonly FaultRule[]): Promise<void>
  /** All requests so far, those of {@link FakeGitHub.api} too. */
  journal(): Promise<JournalEntry[]>
  stop(): Promise<void>
}

/** Starts the fake in a child process and waits until it answers. The repository is empty: no commit, no branch. */
export async function startFakeGitHub(options: { owner?: string; repo?: string } = {}): Promise<FakeGitHub> {
  const owner = options.owner ?? 'acme'
  const repo = options.repo ?? 'llm-server'
  const main = fileURLToPath(new URL('main.ts', import.meta.url))
  const child = spawn(process.execPath, [main, '--port', '0', '--owner', owner, '--repo', repo, '--exit-with-stdin'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ready = await readyLine(child)
  const { apiUrl, tokens } = JSON.parse(ready) as { apiUrl: string; tokens: Tokens }

  const send = async (method: string, path: string, body: unknown, token: string): Promise<Response> => {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (response.ok) return response
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  }

  return {
    apiUrl,
    owner,
    repo,
    tokens,
    async api<T>(method: string, path: string, body?: unknown, token = tokens.dev) {
      const text = await (await send(method, path, body, token)).text()
      return (text === '' ? null : JSON.parse(text)) as T
    },
    async faults(rules) {
      await send('POST', '/_faults', rules, tokens.dev)
    },
    journal: async () => (await (await send('GET', '/_journal', undefined, tokens.dev)).json()) as JournalEntry[],
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function readyLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the fake GitHub has no stdout')
  const lines = createInterface({ input: child.stdout })
  const exit = once(child, 'exit').then(([code]) => {
    throw new Error(`the fake GitHub ended before it was ready (exit code ${code})`)
  })
  const [line] = (await Promise.race([once(lines, 'line'), exit])) as [string]
  exit.catch(() => {})
  return line
}
