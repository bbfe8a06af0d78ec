import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { addWorktree, cleanUp, type OwnedProcess, removeWorktree } from './server/index.ts'

/** Everything a run leaves on the machine while it runs: what `close`, or the post step, must take away again. */
export interface Footprint {
  /** In the environment of every process we start (LLM_PERF_RUN_ID). */
  readonly marker: string
  /** Folder of our own under the runner's temporary folder. */
  readonly directory: string
  readonly repository: string
  readonly worktrees: readonly string[]
  readonly processes: readonly OwnedProcess[]
}

/** One run on this machine. Each change of the footprint is persisted first, so that a killed run can be cleaned up. */
export class Session {
  readonly marker = `llm-perf-${randomUUID()}`
  readonly directory: string
  readonly signal: AbortSignal
  readonly #repository: string
  readonly #persist: (footprint: Footprint) => void
  readonly #worktrees = new Set<string>()
  readonly #processes: OwnedProcess[] = []

  private constructor(temp: string, repository: string, signal: AbortSignal, persist: (footprint: Footprint) => void) {
    this.directory = join(temp, this.marker)
    this.#repository = repository
    this.signal = signal
    this.#persist = persist
  }

  /**
   * @param temp folder for temporary files
   * @param repository the user's checkout
   * @param persist called with the whole footprint whenever it grows
   */
  static async open(options: {
    temp: string
    repository: string
    signal: AbortSignal
    persist: (footprint: Footprint) => void
  }): Promise<Session> {
    const session = new Session(options.temp, options.repository, options.signal, options.persist)
    session.#save()
    await mkdir(session.directory, { recursive: true })
    return session
  }

  /** To be told of every process right after it was spawned. */
  readonly onSpawn = (owned: OwnedProcess): void => {
    this.#processes.push(owned)
    this.#save()
  }

  /** A work tree of `commit`, made once per commit and run. */
  async worktree(commit: string): Promise<string> {
    const directory = join(this.directory, `tree-${commit.slice(0, 12)}`)
    if (this.#worktrees.has(directory)) return directory
    this.#worktrees.add(directory)
    this.#save()
    await addWorktree({ repository: this.#repository, commit, directory, signal: this.signal })
    return directory
  }

  /** Ends what still runs and removes work trees and temporary files. Returns what it had to end, as sentences. */
  async close(): Promise<readonly string[]> {
    return removeFootprint(this.#footprint())
  }

  #footprint(): Footprint {
    return {
      marker: this.marker,
      directory: this.directory,
      repository: this.#repository,
      worktrees: [...this.#worktrees],
      processes: this.#processes,
    }
  }

  #save(): void {
    this.#persist(this.#footprint())
  }
}

/** Takes a footprint away: also of a run that was killed, in the post step. Each part is tried whatever became of the others. */
export async function removeFootprint(footprint: Footprint): Promise<readonly string[]> {
  const parts = await Promise.allSettled([cleanUp(footprint.processes, [footprint.marker])])
  const trees = await Promise.allSettled(
    footprint.worktrees.map((directory) => removeWorktree(footprint.repository, directory)),
  )
  const rest = await Promise.allSettled([rm(footprint.directory, { recursive: true, force: true })])
  const failures = [...parts, ...trees, ...rest].flatMap((result) =>
    result.status === 'rejected' ? [`Could not clean up: ${String(result.reason)}`] : [],
  )
  const found = parts.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
  return [...found, ...failures]
}
