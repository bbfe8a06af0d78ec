import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { exponential } from '../../src/stats/exponential.ts'
import { seededRandom } from '../../src/stats/random.ts'

/**
 * A neighbour on the machine: one core busy in bursts of a few seconds, with breaks as long, both of random length. So
 * the machine drifts for real, and trials of one job do not meet the same conditions.
 */
const meanSeconds = 4

export class Neighbour {
  readonly #child: ChildProcess

  constructor(seed: number) {
    this.#child = spawn(process.execPath, [import.meta.filename, String(seed)], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The neighbour could not be started.')
    return this.#child.pid
  }

  /** Ends it, and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }
}

async function makeNoise(seed: number): Promise<void> {
  // Its standard input is its life line: it ends when the bench does, however that ends.
  process.stdin.on('close', () => process.exit()).resume()
  const random = seededRandom(seed)
  const seconds = () => meanSeconds * exponential(random)
  for (;;) {
    const endMs = performance.now() + seconds() * 1000
    for (let x = 1; performance.now() < endMs; ) for (let step = 0; step < 100_000; step++) x = Math.sqrt(x + step)
    await new Promise((resolve) => setTimeout(resolve, seconds() * 1000))
  }
}

if (import.meta.main) await makeNoise(Number(process.argv[2]))
