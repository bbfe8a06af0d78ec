import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const killAfterMs = 1000
/** Of what the tool prints beside rows, enough for an error. */
const keptMessages = 20

export interface LineLoop {
  /** Resolves when the program has ended, for whatever reason, with the error when it could not be started. */
  readonly ended: Promise<Error | null>
  /** What it printed to its error output and what `onLine` did not take, for an error message. */
  messages(): string
  stop(): Promise<void>
}

/**
 * A program that prints lines until it is stopped. It costs one start, where asking once per sample would cost a start
 * each time, on the machine that is being measured.
 *
 * @param onLine takes a line of the standard output; false when it makes nothing of it
 */
export function startLineLoop(
  executable: string,
  args: readonly string[],
  onLine: (line: string) => boolean,
): LineLoop {
  const child = spawn(executable, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
  // A run that ends without stopping us must not be kept alive by us; the program ends when nobody reads any more.
  child.unref()
  for (const pipe of [child.stdout, child.stderr]) (pipe as Socket).unref()
  const messages: string[] = []
  const keep = (line: string) => {
    if (line.trim() !== '' && messages.length < keptMessages) messages.push(line)
  }
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!onLine(line)) keep(line)
  })
  createInterface({ input: child.stderr }).on('line', keep)
  const ended = new Promise<Error | null>((resolve) => {
    child.once('error', resolve)
    // `close` comes after the last output was read, `exit` may come before it.
    child.once('close', () => resolve(null))
  })
  return { ended, messages: () => messages.join('\n'), stop: () => stopChild(child, ended) }
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  // Somebody else may hold the pipe open after the kill; that must not hold us.
  await Promise.race([ended, sleep(2 * killAfterMs, undefined, { ref: false })])
  clearTimeout(timer)
  child.stdout?.destroy()
  child.stderr?.destroy()
}
