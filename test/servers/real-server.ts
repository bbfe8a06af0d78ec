import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect } from 'vitest'
import { recipes, type ServerName, type ServerStart, serverFolder } from '../../scripts/servers/index.ts'
import { connect, requestOneToken, type Target } from '../../src/load/index.ts'
import type { ApiConfig, ServerConfig } from '../../src/model/config.ts'
import { assertPortFree, type RunningServer, startServer } from '../../src/server/index.ts'
import { chooseFreePort } from '../../src/server/port.ts'
import { noAbort } from '../load/load-setup.ts'
import { leftovers } from '../server/leftovers.ts'

const limits = { signal: noAbort, timeoutMs: 120_000 }

/** How an installed server is started, as its recipe says. */
export function recipeOf(name: ServerName): ServerStart {
  return recipes[name].start(serverFolder(name))
}

export function serverConfig(start: ServerStart): ServerConfig {
  return { ...start, setup: null, workingDirectory: '.', port: 0 }
}

/** A temporary folder and a mark of its own; nothing of either may be left. */
export class Place implements AsyncDisposable {
  readonly folder: string
  readonly marker = `test-${randomUUID()}`

  private constructor(folder: string) {
    this.folder = folder
  }

  static async open(): Promise<Place> {
    return new Place(await mkdtemp(join(tmpdir(), 'llm-perf-real-')))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
    const left = leftovers(this.marker)
    for (const pid of left) process.kill(pid, 'SIGKILL')
    expect(left, 'processes left behind').toEqual([])
  }
}

/** Starts a real server by the product's own code: ready only when it has made a real token. */
export async function startReal(
  place: Place,
  start: ServerStart,
  api: ApiConfig,
  onPort: (port: number) => void = () => {},
): Promise<RunningServer> {
  const port = await chooseFreePort()
  return await startServer({
    config: { ...serverConfig(start), port },
    root: place.folder,
    logFile: join(place.folder, 'server.log'),
    marker: place.marker,
    probe: (origin, signal) => requestOneToken(origin, api, { ...limits, signal }),
    signal: noAbort,
    onSpawn: () => onPort(port),
    log: () => {},
  })
}

/** The statuses that a path answers with, one after the other, until the signal fires. */
export async function watchStatus(url: string, seen: number[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answer = await fetch(url).catch(() => null)
    await answer?.text().catch(() => '')
    if (answer) seen.push(answer.status)
    await sleep(2)
  }
}

export interface Shared {
  readonly server: RunningServer
  readonly marker: string
  readonly origin: string
  connect(api: ApiConfig): Promise<Target>
}

/** One server for all tests of a file. Stopped at the end, when neither a process nor the port may be held any more. */
export function useShared(start: ServerStart, api: ApiConfig): Shared {
  let place: Place | undefined
  let server: RunningServer | undefined
  beforeAll(async () => {
    place = await Place.open()
    server = await startReal(place, start, api)
  })
  afterAll(async () => {
    await server?.stop()
    if (server) await assertPortFree(server.port)
    await place?.[Symbol.asyncDispose]()
  })
  const started = (): RunningServer => {
    if (!server) throw new Error('The server was not started.')
    return server
  }
  return {
    get server() {
      return started()
    },
    get marker() {
      return place?.marker ?? ''
    },
    get origin() {
      return started().origin
    },
    connect: (wanted) => connect(started().origin, wanted, limits),
  }
}
