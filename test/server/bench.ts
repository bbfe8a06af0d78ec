import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect } from 'vitest'
import type { ServerConfig } from '../../src/model/config.ts'
import type { OwnedProcess, RunningServer, StartOptions } from '../../src/server/index.ts'
import { startServer } from '../../src/server/index.ts'
import { leftovers } from './leftovers.ts'

const fixture = join(import.meta.dirname, 'fixtures/server.mjs')

/** What a test of the server's life works with; fresh for each test. */
export interface Bench {
  folder: string
  marker: string
  logFile: string
  owned: OwnedProcess[]
  /** The fixture with these flags, as a list. */
  command(...flags: string[]): readonly string[]
  start(config?: Partial<ServerConfig>, options?: Partial<StartOptions>): Promise<RunningServer>
}

/** A folder and a marker of its own for each test; fails the test that leaves a process behind. */
export function useBench(): Bench {
  const bench: Bench = {
    folder: '',
    marker: '',
    logFile: '',
    owned: [],
    command: (...flags) => [process.execPath, fixture, '--port', '{{port}}', ...flags],
    start: (config, options) =>
      startServer({
        config: { ...defaults, command: bench.command(), ...config },
        root: bench.folder,
        logFile: bench.logFile,
        marker: bench.marker,
        probe: askForToken,
        signal: new AbortController().signal,
        onSpawn: (owned) => bench.owned.push(owned),
        log: () => {},
        ...options,
      }),
  }
  beforeEach(async () => {
    bench.folder = await mkdtemp(join(tmpdir(), 'llm-perf-server-'))
    bench.marker = `test-${randomUUID()}`
    bench.logFile = join(bench.folder, 'logs', 'server.log')
    bench.owned = []
  })
  afterEach(async () => {
    const left = leftovers(bench.marker)
    for (const pid of left) process.kill(pid, 'SIGKILL')
    await rm(bench.folder, { recursive: true, force: true })
    expect(left, 'processes left behind').toEqual([])
  })
  return bench
}

const defaults: Omit<ServerConfig, 'command'> = {
  setup: null,
  workingDirectory: '.',
  port: 0,
  readyPath: '/health',
  readyTimeoutSeconds: 30,
  env: {},
  stopGraceSeconds: 5,
}

async function askForToken(origin: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${origin}/generate`, { signal })
  if (!response.ok) throw new Error(`answered ${response.status}`)
}

/** The text at a path of a server. */
export async function getText(origin: string, path: string): Promise<string> {
  return await (await fetch(`${origin}${path}`)).text()
}

/** True while the process exists and is more than a zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
