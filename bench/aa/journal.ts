import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JobResult } from './job.ts'

/** The jobs that are done, one line each, so that an interrupted run goes on where it was. */
export class Journal {
  readonly #file: string
  readonly done: readonly JobResult[]

  /**
   * @param identity - what the figures hold for: the bundle and the team. Results of anything else are thrown away.
   */
  constructor(folder: string, identity: string) {
    const identityFile = join(folder, 'identity')
    this.#file = join(folder, 'jobs.jsonl')
    if (!existsSync(identityFile) || readFileSync(identityFile, 'utf8') !== identity) {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder, { recursive: true })
      writeFileSync(identityFile, identity)
    }
    const lines = existsSync(this.#file) ? readFileSync(this.#file, 'utf8').trimEnd().split('\n') : []
    this.done = lines.map((line) => JSON.parse(line) as JobResult)
  }

  add(result: JobResult): void {
    appendFileSync(this.#file, `${JSON.stringify(result)}\n`)
  }
}
